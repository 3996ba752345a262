"""What impersonators write, by language: asks, claims, service desks, and a declaration with an ask beside it.

``{name}``, ``{role}``, ``{organisation}`` and ``{handle}`` stand for the protected account's. Some asks use no word of
``lexicon`` on purpose: who imitates does not keep to a list, and a model that saw only listed words would take their
absence for innocence.
"""

from __future__ import annotations

from typing import NamedTuple


class Wordings(NamedTuple):
    """What one language says.

    Attributes
    ----------
    ask_names : names that are no name but ask for something.
    asks : sentences of a bio that ask to write, pay, click or claim.
    claims : what is put behind or before a name, or stands in a bio: "Official".
    claim_bios : bios that claim to be the one and only, the private or the backup account.
    honorifics : what stands before the name of somebody in office.
    desks : names of a service desk.
    desk_bios : bios of a service desk.
    declared : a parody, fan or "not official" declaration that asks all the same.
    """

    ask_names: tuple[str, ...]
    asks: tuple[str, ...]
    claims: tuple[str, ...]
    claim_bios: tuple[str, ...]
    honorifics: tuple[str, ...]
    desks: tuple[str, ...]
    desk_bios: tuple[str, ...]
    declared: tuple[str, ...]


# Which language an attack is written in, this project's assumption: the sets it was counted on are English, Spanish,
# Indonesian and Kenyan English, the accounts to come from anywhere.
LANGUAGES = {
    "en": 0.4, "es": 0.18, "pt": 0.08, "id": 0.09, "fr": 0.05, "de": 0.05, "ar": 0.05, "hi": 0.04, "tr": 0.03,
    "ru": 0.03,
}  # fmt: skip

WORDINGS = {
    "en": Wordings(
        (
            "Send me a private message", "Please text me in private", "Follow me back and write to me",
            "Message me directly", "Drop me a DM", "Write to me on Telegram", "Text my private number",
            "Private chat", "Send a follow request please", "Inbox me now", "DM for my private line",
            "Click my link to chat with me", "Request to follow, then write", "Talk to me here", "Hit my inbox",
            "Follow this page and send a message", "Private account", "Tap the link and say hello",
        ),
        (
            "Message me on Telegram", "DM me for investment tips", "WhatsApp me now +44 7700 900123",
            "Giveaway live, claim now", "Text me on +1 202 555 0100", "Use the link below to write to me",
            "Contact support on Telegram to recover funds", "Free crypto for my fans, send 1 get 2",
            "Inbox me privately, I want to thank my followers", "I reply to everyone here, write to me",
            "Invest with me and earn daily profit", "My team will help you recover your hacked account",
            "Tap my link, I answer there", "Click the link to message me in private", "You have won, write to claim it",
            "Only on Telegram, this is my private line", "Loans without papers, inbox us", "Reach me by email only",
            "I wrote to you for a reason, please answer", "A grant is waiting for you, message my manager",
            # Not of the lists.
            "Looking for honest friends", "God bless you all for the support", "Something big is coming, be quick",
            "Here to talk to my real fans one by one", "Ask me how I made it", "Love you all", "Only serious people",
            "I trust you, keep this between us", "Glad to know you", "Real talk with real people, no spam",
        ),
        (
            "Official", "Real", "Private", "Backup", "Verified", "Personal", "Fan mail", "Giveaway", "Loans",
            "Promotions", "Foundation", "Team", "HQ", "TV", "Management",
        ),
        (
            "Private account of {name}, for my fans only", "Backup account. My main account is @{handle}",
            "Backup of @{handle}", "My other account was hacked, this is the new one", "Official account",
            "Managed by {name}'s management", "Personal manager of {name}. Bookings and meet and greet",
            "Assistant to {name}", "Second account of {name}, here I talk to fans", "The only real account of {name}",
            "{name} private messaging account", "Official account of {name}, {role}", "Run by {name} himself",
            "New page, the old one is gone", "This is my only account", "Partnership office of {organisation}",
        ),
        ("Hon", "Hon.", "Sir", "Dr", "Mr", "Senator", "Bishop", "Pastor", "Gen.", "Prof", "Rev", "Governor", "Chief"),
        (
            "{name} Support", "{name} Help", "{name} Customer Care", "{name} Helpdesk", "{name} Service",
            "{name} Assist", "{name} Care Team", "{name} Help Centre", "Customer Service {name}", "{name} Online",
        ),
        (
            "Customer service of {name}. DM us your account details", "Here to help. Open a ticket by message",
            "{name} support team, 24/7. Contact us on WhatsApp", "Refunds and locked accounts: message us",
            "We fix your issue fast", "For questions about your account leave your number by private message",
            "Official help of {name}. An agent will write to you", "Complaints and questions, answered all day",
            "Welcome to {name} online support", "Ready to help you",
        ),
        (
            "Fan account. Click the link to reach me", "Parody. Message me on Telegram for a reward",
            "Not the official account, but I answer all DMs", "Fan page of {name}. He reads your messages, write now",
            "Fan page. Giveaway in the link", "Unofficial. Text me in private, it is really me",
        ),
    ),
    "es": Wordings(
        (
            "Escríbeme por privado", "Mándame un mensaje directo", "Sígueme y escríbeme", "Chat privado",
            "Envíame una solicitud", "Mi cuenta privada", "Habla conmigo aquí",
        ),
        (
            "Escríbeme por WhatsApp", "Sorteo para mis seguidores, contáctame", "Toca el enlace y háblame",
            "Déjanos tu número por mensaje privado", "Inversiones seguras, ganancias cada día", "Te espero en Telegram",
            "Escríbenos por interno", "Premio para los primeros cien", "Dios los bendiga a todos",
            "Cosas buenas vienen",
        ),
        (
            "Oficial", "Cuenta oficial", "Privada", "Verificada", "Atención", "Soporte", "Respaldo", "Préstamos",
            "Online", "Respuestas",
        ),
        (
            "Cuenta privada de {name}", "Cuenta oficial", "Cuenta oficial de {name}", "Única cuenta oficial",
            "Cuenta de respaldo de @{handle}", "Nueva cuenta, la otra fue hackeada", "Equipo de {name}",
        ),
        ("Don", "Doña", "Dr.", "Lic.", "Ing.", "Padre", "Senador", "Presidente"),
        (
            "{name} Soporte", "{name} Ayuda", "{name} Atención al cliente", "Atención {name}", "{name} Responde",
            "{name} Consultas", "Centro de ayuda {name}", "{name}", "{name}",
        ),
        (
            "Atención al cliente de {name}. Escríbenos por privado", "Resolvemos tu reclamo por mensaje directo",
            "Deja tu teléfono y un asesor de {name} te llamará", "Centro de ayuda en línea de {name}",
            "Respondemos de lunes a viernes, escribinos", "Cuenta oficial de soporte. Contáctanos por MP",
            "Bienvenido a {name}. Consultas por interno", "Listos para ayudarte", "Atención en línea",
            "Dejanos tu duda y te contestamos", "Soluciones para tus trámites de todos los días",
        ),
        ("Cuenta de fans. Escríbeme por Telegram", "Parodia. Sorteo en el enlace", "No oficial, pero respondo yo"),
    ),
    "pt": Wordings(
        ("Me chama no privado", "Manda mensagem", "Me segue e chama no direct", "Conta privada", "Fala comigo aqui"),
        (
            "Me chama no Telegram", "Clique no link e fale comigo", "Sorteio para os seguidores",
            "Deus abençoe a todos",
            "Envie seu número no privado", "Renda extra todo dia", "Fale com a nossa equipe no WhatsApp",
        ),
        ("Oficial", "Conta oficial", "Reserva", "Suporte", "Atendimento", "Ajuda", "Empréstimos"),
        ("Conta reserva de {name}", "Conta oficial de {name}", "Perfil privado", "Nova conta, perdi a outra"),
        ("Dr.", "Dra.", "Pastor", "Padre", "Deputado", "Senador", "Dom"),
        ("{name} Atendimento", "{name} Suporte", "{name} Ajuda", "Central de atendimento {name}", "SAC {name}"),
        (
            "Central de atendimento {name}. Chame no privado", "Resolva aqui o seu problema",
            "Suporte oficial de {name}",
            "Deixe seu telefone e um atendente entra em contato", "Prontos para ajudar",
        ),
        ("Fã-clube. Chama no Telegram", "Conta não oficial, respondo no privado", "Paródia. Sorteio no link"),
    ),
    "id": Wordings(
        ("Chat pribadi", "Kirim pesan ke saya", "Ikuti dan chat saya", "Hubungi admin", "Akun pribadi"),
        (
            "Hubungi saya lewat WhatsApp", "Klik link di bawah untuk chat", "Bagi hadiah untuk pengikut setia",
            "Kirim pesan, admin siap membantu", "Undian berhadiah, klaim sekarang", "Semoga berkah untuk semua",
            "Pinjaman cepat cair tanpa syarat", "Daftar lewat link",
        ),
        (
            "Official", "Resmi", "Berbagi", "Undian", "Hadiah", "Bantuan", "Layanan", "Promo", "Loker", "Pinjaman",
            "Msi", "SE",
        ),
        ("Akun resmi {name}", "Akun pribadi {name}", "Akun cadangan @{handle}", "Akun baru, yang lama diretas"),
        ("Haji", "H.", "Hj.", "Drs", "Dr.", "Bapak", "Ibu", "Ustadz", "Kyai", "Ir."),
        ("{name} Layanan", "Layanan {name}", "{name} Bantuan", "Admin {name}", "{name} Care", "CS {name}"),
        (
            "Layanan pelanggan {name}. Kirim pesan", "Pengaduan dan bantuan nasabah {name}", "Siap membantu 24 jam",
            "Pusat bantuan resmi {name}, hubungi lewat WhatsApp",
        ),
        ("Akun fans. Klik link untuk hadiah", "Bukan akun resmi, chat admin untuk hadiah"),
    ),
    "fr": Wordings(
        ("Écrivez-moi en privé", "Envoyez-moi un message", "Suivez-moi et écrivez", "Compte privé"),
        (
            "Écrivez-moi en privé", "Cliquez sur le lien pour me parler", "Cadeau pour mes abonnés",
            "Que Dieu vous garde",
            "Contactez-moi sur WhatsApp", "Prêt rapide entre particuliers", "Gagnez chaque jour avec moi",
        ),
        ("Officiel", "Compte officiel", "Privé", "Aide", "Assistance", "Prêts"),
        ("Compte privé de {name}", "Compte officiel de {name}", "Compte de secours de @{handle}", "Mon seul compte"),
        ("M.", "Mme", "Dr", "Maître", "Pasteur", "Sénateur"),
        ("{name} Assistance", "Service client {name}", "{name} Aide", "SAV {name}", "{name} Support"),
        (
            "Service client de {name}. Écrivez-nous en message privé", "Un conseiller {name} vous répond",
            "Litiges et remboursements, contactez-nous", "À votre écoute",
        ),
        ("Compte fan. Lien pour me parler", "Parodie. Écrivez-moi sur Telegram"),
    ),
    "de": Wordings(
        ("Schreib mir privat", "Folge mir und schreib mir", "Privater Chat", "Schick mir eine Nachricht"),
        (
            "Schreib mir auf Telegram", "Klick den Link und schreib mir", "Gewinnspiel für meine Follower",
            "Sichere Rendite jeden Tag", "Ich antworte nur privat", "Danke für eure Treue",
        ),
        ("Offiziell", "Privat", "Original", "Hilfe", "Kundenservice", "Backup"),
        ("Privates Konto von {name}", "Offizielles Konto von {name}", "Backup von @{handle}", "Neues Konto"),
        ("Herr", "Frau", "Dr.", "Prof.", "Bürgermeister"),
        ("{name} Kundenservice", "{name} Hilfe", "{name} Service", "Kundendienst {name}"),
        (
            "Kundenservice von {name}. Schreiben Sie uns", "Gesperrtes Konto? Wir helfen per Nachricht",
            "Hilfe von {name}, rund um die Uhr", "Wir sind für Sie da",
        ),
        ("Fanseite. Schreib mir auf Telegram", "Inoffiziell, ich antworte auf alle Nachrichten"),
    ),
    "ar": Wordings(
        ("راسلني على الخاص", "أرسل لي رسالة", "تابعني وراسلني", "حساب خاص"),
        ("تواصل معي على واتساب", "اضغط على الرابط للتواصل", "جوائز للمتابعين", "بارك الله فيكم", "تمويل سريع راسلنا"),
        ("الرسمي", "حساب رسمي", "الدعم", "خاص"),
        ("الحساب الرسمي {name}", "حساب {name} الخاص", "حساب احتياطي @{handle}"),
        ("الدكتور", "الشيخ", "السيد", "المهندس"),
        ("دعم {name}", "خدمة عملاء {name}", "{name} مساعدة"),
        ("خدمة عملاء {name} راسلنا على الخاص", "نحن هنا لمساعدتك", "الدعم الرسمي {name} على واتساب"),
        ("حساب معجبين، راسلني على الخاص",),
    ),
    "hi": Wordings(
        ("मुझे मैसेज करें", "प्राइवेट चैट", "फॉलो करें और मैसेज करें"),
        ("मुझे व्हाट्सएप पर संपर्क करें", "लिंक पर क्लिक करें", "फैंस के लिए इनाम", "भगवान आप सबका भला करे"),
        ("आधिकारिक", "ऑफिशियल", "सहायता", "निजी"),
        ("{name} का आधिकारिक अकाउंट", "{name} का निजी अकाउंट", "@{handle} का बैकअप"),
        ("श्री", "डॉ", "माननीय", "Shri", "Dr"),
        ("{name} सहायता", "{name} ग्राहक सेवा", "{name} Customer Care"),
        ("{name} ग्राहक सेवा, मैसेज करें", "रिफंड के लिए कॉल करें", "हम मदद के लिए हैं"),
        ("फैन पेज, मुझे मैसेज करें",),
    ),
    "tr": Wordings(
        ("Özelden yaz", "Bana mesaj at", "Takip et ve yaz", "Özel hesap"),
        ("WhatsApp'tan bana yaz", "Linke tıkla, konuşalım", "Takipçilerime çekiliş", "Allah razı olsun"),
        ("Resmi", "Resmi hesap", "Destek", "Özel", "Yedek"),
        ("{name} özel hesap", "{name} resmi hesabı", "@{handle} yedek hesap"),
        ("Sayın", "Dr.", "Av.", "Prof."),
        ("{name} Destek", "{name} Müşteri Hizmetleri", "{name} Yardım"),
        ("{name} müşteri hizmetleri, özelden yazın", "Sorununuzu çözeriz", "Size yardım için buradayız"),
        ("Hayran sayfası, özelden yaz",),
    ),
    "ru": Wordings(
        ("Напиши мне в личку", "Подпишись и напиши", "Личный чат"),
        ("Пишите мне в личку", "Раздача, пишите в телеграм", "Жми ссылку, отвечу всем", "Спасибо за поддержку"),
        ("официальный", "личный", "поддержка", "помощь"),
        ("Личный аккаунт {name}", "Официальный аккаунт {name}", "Запасной аккаунт @{handle}"),
        ("Господин", "Доктор", "Др."),
        ("Поддержка {name}", "{name} помощь", "Служба поддержки {name}"),
        ("Служба поддержки {name}, пишите в личные сообщения", "Вернём доступ к аккаунту", "Мы на связи"),
        ("Фан-страница, пишите в телеграм",),
    ),
}  # fmt: skip

# Spam that has to do with nobody, as accounts say that change hands.
SPAM = (
    "follow and retweet", "cheap followers, fast delivery", "crypto signals every day", "slot gacor hari ini",
    "NFT promoter. Paid promotion", "link in bio", "18+ content", "adult link below", "earn at home", "bonus 100%",
)  # fmt: skip
SIGNS = ("✔", "✅", "☑️", "🔵", "®", "™", "⭐", "❤️", "🚀", "🔥", "💎", "👑", "🙏", "✈️", "🏦", "📩", "👇")
FLAGS = ("🇺🇸", "🇦🇷", "🇲🇽", "🇧🇷", "🇮🇩", "🇬🇧", "🇮🇳", "🇳🇬", "🇰🇪", "🇪🇸", "🇩🇪", "🇫🇷", "🇹🇷", "🇸🇦", "🇵🇭")
# Words that stand beside a given name as an epithet does.
EPITHETS = ("Big", "Young", "King", "Queen", "Boss", "Mister", "Lady", "Captain", "Uncle", "The Great", "Papa", "Mr")
