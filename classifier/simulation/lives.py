"""Lives: what genuine accounts say of themselves, in the languages accounts come in, by who says it.

``{name}``, ``{role}`` and ``{handle}`` are the protected account's; ``{firm}``, ``{place}`` and ``{interest}`` the
speaker's own. An owner writes the same sentences as a thief: that an account was hacked, that this is the backup, that
one may write to it. So none of them is kept from genuine accounts here.
"""

from __future__ import annotations

# People of an ordinary life, whatever they are called.
PEOPLE = (
    "Plumber in {place}. Father of two.", "Accountant in {place}. {interest}", "Nurse, {place}",
    "{interest} and coffee", "Founder of {firm}. {place}", "CEO of {firm}", "Student at the University of {place}",
    "Retired. {interest}", "Software engineer at {firm}, opinions mine", "Not the famous one. {interest}", "just me",
    "student, not the famous one", "teacher, {interest}, {place}", "crypto enthusiast", "gamer", "mum of three",
    "he/him. {interest}", "she/her. {place}", "Truck driver. God, family, {interest}",
    "{interest} | {interest} | {place}", "Writer. Senior editor at {firm}.", "Abogada en {place}",
    "Estudiante de {interest}", "Ingeniero, papá de dos. {place}", "Profe de {interest}", "Dentista em {place}",
    "Mãe, professora, apaixonada por {interest}", "Ingenieur aus {place}", "Rentner, {interest}",
    "Professeur à {place}", "Infirmière, maman, {interest}", "Insegnante, {place}", "{place}'da öğretmen", "Öğrenci",
    "Инженер, {place}", "Люблю {interest}", "مهندس. {place}", "أحب القهوة و {interest}", "शिक्षक, {place}",
    "会社員。{interest}", "Guru di {place}. Suka {interest}", "Ibu dua anak", "views my own. {place} | {firm}",
    "Dad. Husband. {interest} fan.", "Christian, conservative, patriot. {interest}",
    "Assistant professor of {interest}, {place}", "Ex-{firm}. Now {firm}.",
)  # fmt: skip
# Whoever has something to sell says how to reach him: as a thief does, about his own business.
BUSINESSES = (
    "Photographer. DM for bookings", "Realtor in {place}. Call or text +1 202 555 0147", "DJ. Bookings: link in bio",
    "Owner of {firm}. WhatsApp for orders", "Tattoo artist in {place}. DM to book", "Nail art, {place}. Message me",
    "Life coach. Message me for a free session", "Handmade {interest}. Orders by DM",
    "Singer. For shows, WhatsApp me", "Barber at {firm}. Text to book", "Personal trainer, {place}. DM for plans",
    "Lawyer. Contact me on WhatsApp", "Trader. Join my free Telegram channel", "Insurance agent, {place}. Call me",
    "Makeup artist. Dm for enquiries", "Fotógrafo. Reservas por DM", "Dentista. Citas por WhatsApp",
    "Repostería en {place}, pedidos por mensaje privado", "Personal trainer. Chama no zap",
    "Consultora de imagem. Agende pelo WhatsApp", "Fotograf. Anfragen per DM",
    "Coiffeuse à {place}. RDV en message privé", "Fotografo. Scrivimi per info", "Kuaför. Randevu için DM",
    "Фотограф, {place}. Пишите в директ", "مصور. للحجز واتساب", "Jasa foto {place}. Order via WhatsApp",
    "Commissions open, DM me", "Streamer. Business: see link", "Podcast host. DM to be a guest",
)  # fmt: skip
SHOPS = (
    "Family business in {place} since 1998", "Coffee and cakes, {place}", "{place}'s place for {interest}",
    "We fix cars", "Restaurant in {place}. Reservations by phone", "Bakery. Order by WhatsApp",
    "Independent {interest} shop, {place}", "{interest} supplies. DM to order", "Consulting for small firms",
    "Tienda de barrio en {place}", "Panadería. Pedidos por DM", "Hotel en {place}. Reservas por WhatsApp",
    "Handwerk aus {place}", "Salon de thé, {place}", "Магазин, {place}", "Loja de {interest}. Chama no WhatsApp",
    "Aile işletmesi, {place}", "Student club at the University of {place}", "Band from {place}",
    "Record label. Demos by mail", "Local news and weather of {place}", "Real estate in {place}",
    "Garage, {place}. Call us",
)  # fmt: skip
# What owners say on another account of theirs.
ANEW = (
    "My old account was hacked. This is the only one I use now.", "New account. @{handle} is not mine any more.",
    "Lost access to @{handle}, support does not answer. Find me here.", "Starting over. {role}", "Starting over.",
    "Locked out of my other account. Yes it's really me.", "Old account suspended by mistake. New start",
    "New account!", "@{handle} got hacked, please report it and follow me here",
    "Back. Lost my old account @{handle}", "{role}", "This is my new account. Message me if in doubt",
    "Me hackearon la cuenta. Esta es la nueva", "Perdí mi cuenta @{handle}, síganme aquí",
    "Cuenta nueva, la otra me la robaron", "Perdi a conta, essa é a nova", "Compte piraté, me revoilà ici",
    "Neues Konto, das alte wurde gehackt", "Hesabım çalındı, yeni hesabım bu",
    "Старый аккаунт взломали, я теперь здесь", "تم اختراق حسابي القديم وهذا الجديد",
    "Akun lama dihack, ini akun baru", "アカウント乗っ取られました。新しいアカウントです",
    "मेरा पुराना अकाउंट हैक हो गया", "Profilo nuovo, l'altro è stato rubato",
)  # fmt: skip
BACKUPS = (
    "Backup account. Main: @{handle}", "backup", "Backup of @{handle}", "In case I lose @{handle}",
    "Cuenta de respaldo", "Second account. Main is @{handle}", "Inactive. I forgot the password of this one.",
    "Old account, now @{handle}", "I tweet at @{handle}", "Reserve account of {name}",
    "Cuenta secundaria de @{handle}", "conta reserva", "Zweitaccount", "Yedek hesap. Asıl hesap @{handle}",
    "Запасной аккаунт", "حساب احتياطي", "Akun cadangan", "Not active. Follow @{handle}", "alt of @{handle}",
)  # fmt: skip
PRIVATE = (
    "just me", "Private account. Official: @{handle}", "Personal account. Work: @{handle}", "friends only",
    "my other side", "The private one. Public: @{handle}", "Cuenta personal. Oficial: @{handle}", "Cuenta privada",
    "conta pessoal", "privat", "Compte perso", "Özel hesap", "личный", "Off duty {role}",
    "{interest} and family. Work at @{handle}", "No politics here", "Tweets by {name} himself, staff at @{handle}",
    "{interest}, food and the dog",
)  # fmt: skip
TEAMS = (
    "Run by the team of {name}", "Press office of {name}", "Campaign account of {name}.",
    "Staff account. {name} signs -X", "Official office account of {name}.", "Paid for by friends of {name}",
    "Tweets by staff", "Media enquiries: DM", "Prensa de {name}", "Equipo de {name}", "Equipe {name}",
    "Pressestelle von {name}", "Service de presse de {name}", "{name} basın ofisi", "Пресс-служба. {name}",
    "المكتب الإعلامي", "Booking and management of {name}. Write to us", "Management of {name}. DM for requests",
    "Follow @{handle} for official news", "Constituent services. Call or message us", "Candidate. {interest}",
    "{role}. Tweets from the campaign", "Running for re-election. Join us", "Events and tour of {name}",
)  # fmt: skip
FAMILIES = (
    "The family of {name}", "We are a family of five. {interest}", "{name} and the dogs", "Our life, our {interest}",
    "Family account of {name}", "The cat of @{handle}", "La familia de {name}", "Travels of {name} and family",
)  # fmt: skip
DESKS = (
    "Send us a private message with your phone number", "DM us with your order number. Mon-Fri 9-5.",
    "Here to help, 24/7", "Need help? DM us", "We reply 8am-8pm. Never share your PIN",
    "Customer service of {name}. Main: @{handle}", "Support for {name}. Open a ticket by message",
    "Questions about your account? Message us", "Refunds and claims: DM",
    "Official support of @{handle}. We never ask for your password", "Service status and help",
    "Atención al cliente de {name}. Escríbenos por mensaje privado",
    "Te ayudamos por DM. Envíanos tu número de cliente", "Canal oficial de atención",
    "Consultas y reclamos por privado. Lunes a viernes", "Atendimento {name}. Chame na DM",
    "Kundenservice von {name}. Schreiben Sie uns", "Service client de {name}. Écrivez-nous en privé",
    "Assistenza clienti", "{name} müşteri hizmetleri. DM'den yazın",
    "Служба поддержки {name}. Пишите в личные сообщения", "خدمة عملاء {name}", "Layanan pelanggan {name}. Kirim DM",
    "ग्राहक सेवा", "WhatsApp us: number on our site", "DM your flight number",
)  # fmt: skip
CHANNELS = (
    "Join my Telegram channel for daily updates", "Exclusive content, message me on WhatsApp", "All my links below",
    "Telegram: t.me/{handle}", "Join the community on Discord", "VIP channel of {name}", "Subscribe to my channel",
    "Únete a mi canal de Telegram", "Entre no meu canal do Telegram", "Kanalıma katıl",
    "Мой канал в телеграме: t.me/{handle}", "قناتي على تيليجرام", "Free newsletter: link in bio",
    "Live on Twitch every day. {role}", "I answer here. {interest}", "More of me on YouTube",
    "You know me from YouTube. {role}", "On Instagram as @{handle}",
)  # fmt: skip
LANGUAGES = (
    "{name} en español. English: @{handle}", "Cuenta en español de {name}", "{name} auf Deutsch",
    "{name} en français", "{name} em português", "{name} Türkçe", "{name} на русском", "{name} بالعربية",
    "{name} 日本語", "{name} हिन्दी", "News of {name} in English", "The Spanish account of @{handle}",
    "{name} in italiano", "{name} Indonesia",
)  # fmt: skip
RENAMED = (
    "Formerly @{handle}", "We were {name}", "New name, same people. Was @{handle}", "Antes @{handle}",
    "ehemals {name}", "Now part of the {firm} family", "{name} is now us", "Anciennement {name}", "Eski adı {name}",
    "Ранее {name}", "{role}",
)  # fmt: skip
SIBLINGS = (
    "Part of {name}", "News from {name}", "{name} in {place}", "Jobs at {name}",
    "The newsroom of {name}. Main: @{handle}", "Regional office", "A {name} account", "Developers at {name}",
    "Official account of {name} for {place}", "Our {place} branch", "Tu tienda en {place}", "Oficina de {place}",
    "Büro {place}", "Alumni and friends", "Open Mon-Sat 9-18", "Community relations of {name}", "Research at {name}",
    "Careers at {name}", "Official", "Visit us in {place}",
)  # fmt: skip
OTHER_BODIES = (
    "Official account of this office", "Serving the people of {place}", "News and alerts. Emergencies: call",
    "Not monitored 24/7", "Public service in {place}", "Cuenta oficial", "Amtliche Nachrichten aus {place}",
    "Compte officiel", "Resmi hesap", "Официальный аккаунт", "الحساب الرسمي", "Akun resmi", "Open data of {place}",
)  # fmt: skip
# People who write about the protected account.
MENTIONS = (
    "I love {name}!", "Proud supporter of @{handle}", "Reporter. Covering {name}.", "Ex @{handle}, now painting",
    "{name} is my hero", "Big fan of {name} and {interest}", "Not a fan of {name}", "{name} must go. {interest}",
    "Followed by {name} once", "Retweets @{handle} a lot", "Vote {name}!", "Quoting {name} every day of my life",
)  # fmt: skip
JOURNALISTS = (
    "Reporter. Covering {name}.", "Covering {name} for {firm}", "Journalist at {firm}. {name}, {interest}",
    "Tips by Signal", "I write about {name} and {interest}. DMs open for tips", "Author of a book about {name}",
    "Biographer of {name}", "Periodista. Cubro {name}", "Jornalista, {firm}",
    "Journaliste, je suis {name} pour {firm}", "Reporter bei {firm}", "Журналист. Пишу о {name}",
    "Fact checker. No, {name} did not say that", "Podcast about {name}", "Analyst. {name} watcher",
)  # fmt: skip
INVESTORS = (
    "${ticker} investor", "Long ${ticker}. Fan of {name}'s company", "${ticker} shareholder since 2019. Not advice",
    "Trading ${ticker}, BTC and {interest}", "Inversor en ${ticker}", "I own ${ticker} and follow {name}",
    "HODL ${ticker}", "{name} is a genius. ${ticker} to the moon", "Options on ${ticker}. DM for my free newsletter",
    "${ticker} short", "Owner of a {name} since 2020", "Customer of {name}, not employed there",
)  # fmt: skip
EMPLOYEES = (
    "Engineer at {company}", "CFO of {company}", "Works at {company}. Views mine", "Intern at {company}, {place}",
    "Former {role}", "Ex-{role}, now painting", "Deputy to the {role}", "Head of sales, {company} {place}",
    "I used to work for {name}", "Ingeniero en {company}", "Ex @{handle}, now {firm}", "VP at {company}. {interest}",
    "Recruiting for {company}. DM me", "Customer care agent at {company}, off duty here", "Alum of {company}",
    "Mitarbeiterin bei {company}, privat hier", "Salariée chez {company}", "Trabalho na {company}",
    "Volunteer for {name}", "Speechwriter of the {role}", "Photographer. Clients: {company}, {firm}",
)  # fmt: skip
SUPPORTERS = (
    "{name} 2028", "Vote {name}", "I stand with {name}", "{name} my president", "{name} must go", "Impeach {name}",
    "Never {name}", "Women for {name}", "{place} for {name}", "Team {name} ❤️", "Soy {name}", "Fuera {name}",
    "Fora {name}", "Mit {name}", "Ensemble avec {name}", "{first} for {name}", "{first} ({name} supporter)",
    "{first} loves {name}", "{first} 🇺🇸 {name}", "{first} | Team {name}", "Not my {role}", "{first} #{tag}",
)  # fmt: skip
FAN_NAMES = (
    "{name} Fans", "{name} Fan Club", "{name} fan page", "I ❤ {name}", "{name} Daily", "{name} Updates",
    "{name} News", "{name} Charts", "{name} Pics", "{name} Nation", "Fans de {name}", "Fãs de {name}",
    "{name} Türkiye Fan", "{name} Brasil", "{name} Indonesia", "{name} France", "Фан-клуб {name}", "{name}ファン",
    "{name} Argentina", "{name} Army", "{name} Stan", "all about {name}", "{name} Club", "{name}", "معجبي {name}",
    "{name} Fanseite",
)  # fmt: skip
FAN_BIOS = (
    "Fan account for {name}. Not affiliated.", "Fan page. Follow the real one: @{handle}",
    "News about {name}. Unofficial.", "Todo sobre {name}. Cuenta de fans.", "Daily pictures and quotes of {name}",
    "Updates on {name} by fans", "Fan page, DM for credit", "Fanseite, inoffiziell", "Неофициальный фан-клуб",
    "Fan club oficial de {name}", "Fã clube de {name}. Seguidos por ela", "Your best source on {name}",
    "Compte de fan", "Hayran sayfası", "We are fans, not {name}", "not impersonating, just a fan", "Support {name}!",
    "streaming team of {name}", "حساب معجبين",
)  # fmt: skip
ARCHIVE_NAMES = (
    "{name} Archive", "{name} Quotes", "{name} Bot", "{name} Out of Context", "No context {name}", "{name} said",
    "Old posts of {name}", "{name} Clips", "Frases de {name}", "Citations de {name}", "{name} Zitate",
    "Цитаты {name}", "{name} Tracker", "Is {name} OK today", "{name} Memes", "Deleted posts of {name}",
    "{name} Watch",
)  # fmt: skip
ARCHIVE_BIOS = (
    "Bot posting old posts of @{handle}", "Archive of everything {name} said",
    "Out of context. Not affiliated with {name}", "Quotes, one a day", "automated account, unofficial",
    "Every deleted post of @{handle}", "Run by a bot. Not {name}", "Frases célebres de {name}",
    "We watch {name} so you need not", "Memes", "Bot no oficial", "not affiliated",
)  # fmt: skip
MEMORIALS = (
    ("In memory of {name}", "Remembering {name}. Run by friends"),
    ("Remembering {name}", "Her work lives on. Not run by family"),
    ("RIP {name}", "We miss you"),
    ("{name} Legacy", "Fans keep the memory alive"),
    ("En memoria de {name}", "Siempre con nosotros"),
    ("{name} Tribute", "A tribute by admirers, not official"),
    ("Forever {name}", "Tribute account"),
)
# Declared parody, at the start or end of the name or in the bio.
PARODY_NAMES = (
    "Parody {name}", "{name} (parody)", "{name} Parody", "Not {name}", "(Not) {name}", "Fake {name}",
    "{name} [satire]", "Commentary: {name}", "{name} parodia", "{name} (parodia)", "Parodia: {name}",
    "Пародия на {name}", "{name} Parodie", "{name} (parodie)", "Parodi {name}", "{name} (parodi)",
    "محاكاة ساخرة {name}", "{name}パロディ", "{name} RP", "{name} but funny", "{name} - Parody Account",
    "PARODY | {name}", "{name} (fan role play)", "{name} (fake)", "{name} satire", "Sátira {name}",
    "{name} - not real", "Definitely not {name}", "{name} (commentary)", "Unofficial {name}",
)  # fmt: skip
PARODY_BIOS = (
    "Parody.", "Parody account of {name}.", "Satire. Not affiliated with {name}", "Not the real {name}",
    "Obviously fake", "Commentary about {name}, unofficial", "This is a joke account", "Role play. Fictional",
    "Cuenta parodia", "Cuenta de humor", "Parodie. Pas le vrai", "Nicht der echte. Satire", "Пародия, не настоящий",
    "パロディ", "Humor about {role}", "In character", "Parodi hesap", "Conta de paródia", "حساب ساخر", "Akun parodi",
    "Satira", "PARODY. Not {name}, not even close", "Parody. {role} of my living room",
    "not associated with {name} or {firm}. satire", "fictional. any resemblance is a joke",
)  # fmt: skip
# Comic names that declare nothing and deceive nobody.
ADJECTIVES = (
    "Bored", "Drunk", "Sarcastic", "Angry", "Tiny", "Baby", "Sad", "Lazy", "Evil", "Dark", "Emo", "Medieval", "Cat",
    "Lord", "Zombie", "Hungry", "Ghost of", "Grumpy", "Anime", "Robot", "Grandma", "Honest", "Sleepy", "Pirate",
    "Dumb", "Queen", "Borracho", "Triste", "Falso", "Böser", "Faux", "Sarhoş", "Злой", "Shitposting", "Based", "Fat",
)  # fmt: skip
COMIC_BIOS = (
    "I did it for the money", "Best {role} ever. Everybody says so", "I have the best words",
    "Thoughts from my bathtub", "Currently crying in my bunker", "Sent from my yacht",
    "My accountant told me not to post", "Make {interest} great again", "{role} (in my dreams)",
    "Soy el mejor. Pregúntenle a mi mamá", "Je suis partout", "Ich bin der Größte", "meow", "oops, I said it again",
    "I bought this account for a sandwich", "the voices in his head", "Professional tweeter", "😂😂😂",
)  # fmt: skip
# Names and words of accounts that have to do with nobody.
REPLIER_NAMES = (
    "{first} {emoji}", "{first} {last} {emoji}{emoji}", "{first} {last} | {interest}", "{last}, {first}",
    "{first} in {place}", "{emoji} {first} {emoji}", "{first} (taylor's version)", "{first} {last}, PhD",
    "the {interest} guy", "{first}.eth", "{first} from {place} {emoji}", "{first} {last} - {firm}", "just {first}",
    "{first} the {interest} lover of {place}", "{interest}", "anon {interest} enjoyer", "{first} {last} MD",
    "{first} 🇺🇸 {last}", "{first} is tired", "Dr. {first} {last}",
)  # fmt: skip
EMOJIS = tuple("🌻🔥✨💙🦋🌈🐶🐱🎮📚⚽🏳️🌊🍀🎧☕🚀🌸")
ROLE_WORDS = (
    "Judge", "Bishop", "King", "Mayor", "Prince", "Pope", "Duke", "Knight", "Marshall", "Major", "Baron", "Abbott",
    "Priest", "Dean", "Cook", "Baker", "Page", "Chancellor", "Sargent", "Banks", "Hotelling", "Price", "Cash",
    "Steward", "Senator", "Earl", "Royal", "Pastor", "Squire", "Constable", "Sheriff", "Reeves", "Rey", "Reyes",
    "Papa", "König", "Leroy",
)  # fmt: skip
