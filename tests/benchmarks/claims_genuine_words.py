"""What accounts that deceive nobody write, by family, in eleven languages: read as ``claims_attack_words`` is.

{x} is another person, {xo} another organisation, {xr} another role there, {yo} another place of the same
kind, {R} the role as registered, {job} and {c} somebody's own work and town. Wordings are this project's own, after the
rules that platforms give for parody, commentary and fan accounts, and after what people usually write.
"""

from __future__ import annotations

GENUINE = """
[parody_or_fan parody_start any]
en Parody {n} || I say what {first} is thinking.
en Fake {n} 🤡 || {R}, probably.
en Not {n} || The {t} you deserve.
en Satire: {n} || Jokes. All of them.
es Parodia de {n} || Humor y más humor
es {n} falso || Esto es una broma, obviamente
pt Paródia {n} || Humor. Não leve a sério.
fr Parodie {n} || Humour uniquement
fr Faux {n} || Le vrai est moins drôle
de Parodie: {n} || Satire, was sonst
tr Parodi {n} || Mizah hesabıdır
ru Пародия на {n} || Шутки ради
ar ساخر {n} || حساب للضحك فقط
hi पैरोडी {n} || केवल मज़ाक
ja 偽{n} || ネタ垢です
id Parodi {n} || Cuma bercanda
[parody_or_fan parody_end any]
en {n} (Parody) || {R}. I know everything.
en {n} (not really) || Thoughts nobody asked for
en {n} [PARODY] || Making {c} great since never
en {n} – Satire || {R}
es {n} (Parodia) || {R}
pt {n} (paródia) || {R}
fr {n} (parodie) || {R}
de {n} (Satire) || {R}
tr {n} (parodi) || {R}
ru {n} (пародия) || {R}
ar {n} (محاكاة ساخرة) || {R}
ja {n}（パロディ） || {R}
id {n} (parodi) || {R}
[parody_or_fan parody_bio any]
en {n} || Parody. Not affiliated with @{h}.
en {n} || {R}. This is a joke account, relax.
en {n} || Satirical take on the {t} of our hearts. Not the real one.
en {n} || Unofficial. Spoof. If you believe this you need a nap.
en {n} || I am obviously not {n}. For laughs only.
es {n} || Cuenta parodia. No soy el verdadero.
es {n} || Sátira. Sin relación con @{h}
pt {n} || Perfil de humor, sem ligação com a pessoa real.
fr {n} || Compte parodique, sans lien avec @{h}
de {n} || Satire-Account. Kein Zusammenhang mit der echten Person.
tr {n} || Bu bir parodi hesabıdır, gerçek kişiyle ilgisi yoktur.
ru {n} || Пародийный аккаунт. Не имеет отношения к настоящему.
ar {n} || حساب ساخر لا يمثل الشخصية الحقيقية
hi {n} || पैरोडी अकाउंट, असली से कोई संबंध नहीं
ja {n} || 非公式パロディアカウント。本人とは関係ありません
id {n} || Akun parodi, bukan yang asli
[parody_or_fan parody_joke_name person]
en Drunk {n} || What {first} tweets after midnight. Parody.
en {first} {last}'s Hair || Living on top of the {t}. Parody obviously.
en Evil {last} || Parody account
en {n} from 2075 || Future {t}. Comedy.
es El gato de {n} || Miau. Cuenta de humor.
fr Le chat de {n} || Miaou. Parodie.
de {last}s Dackel || Wuff. Satire.
[parody_or_fan fan_club person]
en {n} Fans || The biggest community for {first}. Follow {first}: @{h}
en {first} {last} Fan Club {c} || Run by fans, for fans ❤️
en Fan account {n} || Not {first}! Just a fan 💜
en {last} Nation || We love {n}. Fan page.
en Daily {n} || Your daily dose of {first}. Fan account, not impersonating.
es Club de fans {n} || Apoyando a {first} desde {y}
es {n} Fans España || Cuenta de fans, la oficial es @{h}
pt Fã-clube {n} || Feito por fãs para fãs
pt Central {n} || Fonte de notícias sobre {n}. Fã site.
fr Fan {n} || Compte fan, pas officiel
de {n} Fanclub || Von Fans für Fans
tr {n} Hayran Sayfası || Hayranları tarafından yönetilir
ru Фан-клуб {n} || Фан-аккаунт, официальный @{h}
ar محبي {n} || صفحة معجبين غير رسمية
hi {n} फैन क्लब || प्रशंसकों का पेज
ja {n}ファン || 非公式ファンアカウント
id {n} Fanbase || Fanbase Indonesia, bukan akun resmi
[parody_or_fan updates_about person]
en {n} Updates || News, photos and dates about {n}. Not affiliated.
en {n} News || Everything about the {t}. Unofficial.
en {last} Source || Your source for all things {n}, fan-run
es {n} Noticias || Información sobre {n}. No oficial.
pt {n} Info || Notícias, fotos e vídeos de {n}. Não somos o artista.
fr Actu {n} || Toute l'actualité de {n}, non officiel
tr {n} Haber || {n} hakkında haberler, resmi değildir
ru {n} новости || Новости о {n}. Неофициальная страница
id Info {n} || Update seputar {n}, fan account
[parody_or_fan commentary any]
en {n} Watch || Tracking what {n} says and does. Run by volunteers; not {n}.
en Is {last} right? || Independent commentary on {n}
en {n} Fact Check || We check claims by @{h}. Unaffiliated commentary.
en Commentary: {n} || Opinions about {n}, not by {n}
fr Observatoire {n} || Commentaires indépendants sur {n}. Compte non officiel.
de {last}-Watch || Wir beobachten {n}. Kein offizieller Account.
es Observatorio {n} || Seguimiento crítico de {n}, no oficial
[parody_or_fan archive_bot any]
en {n} Archive || Bot. Archives posts of @{h}. Not run by {n}.
en {n} deleted || Automated: posts that @{h} deleted
en {n} Quotes || Bot posting quotes by {n} every 3 hours
en On this day: {n} || Automated history bot about {n}
ja {n}bot || 非公式botです。{n}の名言を自動でつぶやきます
es Frases de {n} || Bot no oficial con frases de {n}
[parody_or_fan role_play any]
en {n} (RP) || Roleplay account. Not the real {first}. 21+ writer
en {n} || #RP, parody, multiverse, open DMs for plots. not {first}
en ⌗ {n} || ooc: {xf}. roleplayer, faceclaim only, not affiliated
id {n} || RP. Parody of {n}. bukan asli
ja {n} || なりきりアカウントです。ご本人様とは関係ありません
es {n} rol || Cuenta de rol, no soy {first}
[parody_or_fan luring_parody any]
en {n} (Parody) || Parody. Win $500 now, message {m}
en Fake {n} || Parody account. Crypto signals {m}
en {n} fan account || Not affiliated. Meet {first} in person: {m}
es {n} (Parodia) || Cuenta parodia. Gana dinero {m}
id {n} (parodi) || Akun parodi. Promo slot gacor {link}
fr Parodie {n} || Humour. Prêts rapides {m}
[unrelated ordinary none]
en {x} || {job}. {c}.
en {x} {g} || just here for the memes
en {xf} || she/her | {c} | books, cats and too much tea
en {x} || Dad of three. Opinions mine.
en {xf} {d} ||
en {x} || Engineer. Runner. {c} ✈️ everywhere
es {x} || {job} en {c}. Amante del fútbol ⚽
pt {x} || {job} | {c} | Flamengo ❤️🖤
fr {x} || {job} à {c}. Papa, vélo, fromage.
de {x} || {job} aus {c}. Hier privat.
tr {x} || {job}, {c}. Çay ☕
ru {x} || {job}, {c}. Котики и книги
ar {x} || {job}، {c}. أحب القراءة
hi {x} || {job}, {c} 🇮🇳
ja {xf} || {c}在住。猫と暮らしています
id {x} || {job} di {c}. Bismillah
[unrelated own_messenger none]
en {x} || {job}. Bookings on {m}
en {xf}'s Bakery 🍰 || Custom cakes in {c}. Order: {m}
en {x} Tattoo || Walk-ins welcome, {c}. {m}
en {x} || Crypto trader. Signals group {m}
es {xf} Uñas || Citas por {m}. {c}
pt {x} Personal || Consultoria online {m}
fr {x} || {job} à {c}. RDV {m}
tr {x} Emlak || {c} satılık kiralık. {m}
ru {x} || Маникюр, {c}. Запись {m}
ar {x} || خياطة نسائية في {c}، للطلب {m}
id {xf} Hijab || Order {m}. COD {c}
[unrelated shares_first_name person]
en {first} {xl} || {job}. {c}.
en {first} || {c}. Mum. Gardening.
es {first} {xl} || {job}, {c}
pt {first} {xl} || {job}, {c}
fr {first} {xl} || {job}, {c}
de {first} {xl} || {job}, {c}
tr {first} {xl} || {job}, {c}
ru {first} {xl} || {job}, {c}
ar {first} {xl} || {job}، {c}
hi {first} {xl} || {job}, {c}
id {first} {xl} || {job}, {c}
[unrelated shares_family_name person]
en {xf} {last} || {job}. {c}. Not related to the famous one.
en {xf} {last} || {job} | {c}
es {xf} {last} || {job}, {c}
pt {xf} {last} || {job}, {c}
fr {xf} {last} || {job}, {c}
de {xf} {last} || {job}, {c}
ru {xf} {last} || {job}, {c}
[unrelated namesake person]
en {n} || {job} in {c}. Two dogs.
en {n} || Student, class of {y}. {c}
en {n} || No, not that one. {job}.
en {n} || Nurse, mother of two, {c}
en {n} ||
es {n} || {job} en {c}
pt {n} || {job} em {c}
fr {n} || {job} à {c}
de {n} || {job} in {c}
tr {n} || {job}, {c}
ru {n} || {job}, {c}
ar {n} || {job}، {c}
hi {n} || {job}, {c}
ja {n} || {c}で{job}をしています
id {n} || {job}, {c}
[unrelated namesake_in_business person]
en {n} || Realtor in {c}. Call or {m}
en {n} Photography || Weddings in {c}. {m}
en {n} Official || Singer from {c}. New single on all platforms
en {n} || Personal trainer, {c}. Message me for plans
es {n} Oficial || Fotógrafa en {c}. {m}
pt {n} Oficial || Corretora em {c}. {m}
tr {n} || Avukat, {c}. {m}
ru {n} || Репетитор, {c}. {m}
[unrelated employee any]
en {x} || Engineer at {o}. Views mine.
en {x} || Product @ {o}, previously {xo}. {c}
en {x} || Communications officer, {o}
en {xf} at {o} || I work in customer success. Ask me anything!
en {x} || Intern for @{h} | {c}
es {x} || Ingeniera en {o}. Opiniones mías.
pt {x} || Analista na {o}
fr {x} || Ingénieur chez {o}. Propos personnels.
de {x} || Entwicklerin bei {o}. Privat hier.
tr {x} || {o} çalışanı. {c}
ru {x} || Работаю в {o}
ar {x} || مهندس في {o}
ja {x} || {o}勤務。発言は個人の見解
id {x} || Staf {o}, {c}
[unrelated journalist_covering any]
en {x} || Reporter at {xo}. I cover {n} and {o}. Tips: {m}
en {x} || Covering {o} for {xo}. DMs open.
en {x} || Biographer of {n}. Author, "The {last} Years"
es {x} || Periodista. Cubro a {n}
fr {x} || Journaliste, je suis {n} pour {xo}
de {x} || Reporter bei {xo}, schreibe über {n}
[unrelated supporter any]
en {x} || Proud supporter of @{h} 🇺🇸 Patriot. {c}
en {x} || {n} for life ❤️ {job}
en {x} 💙 || I stan {n}. {c}. {y} liner
en {x} || I stand with {n}
es {x} || Con {n} siempre ✊ {c}
pt {x} || Fechado com {n} 🇧🇷
fr {x} || Soutien à {n}. {c}
tr {x} || {n} sevdalısı 🇹🇷
ru {x} || Поддерживаю {n}
ar {x} || من محبي {n}
id {x} || Pendukung {n} garis keras
[unrelated critic any]
en {x} || Not a fan of {n}. {job}, {c}
en {x} || {n} does not speak for me.
en Vote out {last} || Citizens of {c} who have had enough of {n}
en Boycott {o} || Customers against {o}. Share your story.
es {x} || Fuera {n} ✊
de {x} || Gegen {n} und {o}.
fr {x} || Pas fan de {n}
[unrelated quoting any]
en {x} || "Never give up" – {n}
en {x} || {job}. Once got a like from @{h}
en {x} || 2× retweeted by @{h} 🎉 {c}
fr {x} || « Restez curieux » – {n}
es {x} || "La vida es hoy" ({n})
[unrelated former_role_holder person]
en {x} || Former {R}. Now retired in {c}.
en {x} || Ex-{t}, {o}. Grandfather.
en {x} || {R} 2009–2014. Advisor at {xo}
es {x} || Ex {R}
fr {x} || Ancien {R}
de {x} || Ehemaliger {R}
pt {x} || Ex-{R}
[unrelated other_role_same_place person]
en {x} || {xr} of {o}. {c}
en {x} || {xr}, {o}. Dad. Runner.
en {x} | {o} || {xr}
en {x} || Deputy to the {R}
[unrelated same_role_elsewhere person]
en {x} || {t} of {yo}. {c}
en {x} || {t}, {yo}
en {x} | {yo} || {t}
en {t} of {yo} || {x}. Reach me at our site.
es {x} || {t}, {yo}
id {x} || {t}, {yo}
[unrelated relative person]
en {xf} {last} || Proud sister of {n}. {job}.
en {xf} {last} || Mum to {first}. Yes, that {first}. {c}
[unrelated partner_of_organisation organisation]
en {xo} || Authorised dealer of {o} in {c}. Parts & service {m}
en {xo} || We resell {o}. Independent agency, {c}
es {xo} || Distribuidor autorizado de {o} en {c}
pt {xo} || Revenda autorizada {o}, {c}
de {xo} || Vertragspartner von {o} in {c}
tr {xo} || {o} yetkili bayi, {c}
id {xo} || Dealer resmi {o} {c}
[unrelated warns_of_fakes any]
en {x} || Exposing accounts that pretend to be {n}. Report them!
en Scam alert {c} || We list fake {n} profiles. Never send money.
es {x} || Denuncio cuentas falsas de {n}
[same_owner campaign official]
en {n} for {o} || Campaign account of {n}. Official work: @{h}
en {first} {last} {y} || Running again for {o}. Paid for by Friends of {n}.
en Team {last} || Campaign HQ for {n}. Join us! {site}
es {n} {y} || Cuenta de campaña de {n}
pt {n} {y} || Perfil de campanha
fr {n} {y} || Compte de campagne de {n}
[same_owner press_office any]
en {n} Press Office || Press contact for {n}. Main account: @{h}
en {o} Newsroom || Media relations at {o}. {site}
en {n} Media || Statements and press releases of the {R}. {site}
es Prensa {n} || Oficina de prensa. Cuenta principal: @{h}
fr Presse {n} || Service de presse. Compte principal : @{h}
de {n} Presse || Pressestelle. Hauptaccount: @{h}
tr {n} Basın || Basın ofisi. Ana hesap: @{h}
ru Пресс-служба {n} || Основной аккаунт: @{h}
ar المكتب الإعلامي {n} || الحساب الرئيسي @{h}
id Humas {n} || Akun utama: @{h}
[same_owner personal_points_to_main person]
en {n} || Personal account. Work: @{h}
en {first} {last[0]}. 🔒 || The quiet account. Official is @{h}
en {n} || Here as myself. For the {t}, see @{h}
es {n} || Cuenta personal. La oficial: @{h}
fr {n} || Compte perso. Officiel : @{h}
de {n} || Privater Account, dienstlich @{h}
tr {n} || Kişisel hesap, resmi: @{h}
ru {n} || Личное. Рабочий: @{h}
ja {n} || 個人アカウント。公式は @{h}
id {n} || Akun personal. Resmi: @{h}
[same_owner foreign_language organisation]
en {o} en Español || Noticias de {o} en español. Global: @{h}
en {o} Deutschland || {o} auf Deutsch. International: @{h}
en {o} Japan || {o}の日本語公式アカウント {site}
en {o} France || Toute l'actualité de {o} en français. {site}
en {o} Arabic || الحساب الرسمي {o} باللغة العربية {site}
en {o} Brasil || Perfil brasileiro da {o}. Mundo: @{h}
[same_owner old_account any]
en {n} (old) || Moved! New account: @{h}
en {n} || Inactive. Follow @{h}
en {n} Archive || Archived account from the {t}'s first term. Now at @{h}
es {n} || Cuenta antigua. Ahora en @{h}
pt {n} || Mudei para @{h}
fr {n} || Ancien compte. Suivez @{h}
de {n} || Alter Account, jetzt @{h}
ja {n} || 移転しました → @{h}
[same_owner team_run any]
en Team {n} || Tweets by the staff of {n}. {first}'s own account is @{h}
en {n} HQ || Run by the team behind @{h}. {site}
es Equipo {n} || Cuenta gestionada por el equipo de @{h}. {site}
de Team {n} || Hier schreibt das Team von @{h}. {site}
[same_owner genuine_support_desk organisation]
en {o} Support || Help for customers of @{h}, every day 8–8. Never share your password. {site}
en {o} Cares || Customer care team of @{h}. {site}
es {o} Ayuda || Atención al cliente de @{h}. {site}
fr {o} Aide || Service client de @{h}. {site}
de {o} hilft || Kundenservice von @{h}. {site}
"""
