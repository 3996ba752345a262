"""What accounts that claim to be somebody write, by family, in eleven languages.

After public warnings: FTC (https://consumer.ftc.gov/scams), FBI IC3 announcements on romance, giveaway and recovery
fraud, Action Fraud, and the impersonation policies of X and Meta. Wordings are this project's own.

A header names the label, the family and whom it is about; a line is a language, the name shown || the bio. {N} is the
name with what impersonators do to it, {n} the plain name, {r} a role in other words, {t} its title, {o} what it belongs
to, {a} that as one word, {m} a messenger, {c} a town, {g} a picture; the rest is in ``claims_fill``.
"""

from __future__ import annotations

ATTACKS = """
[impersonation exact_name_lure person]
en {n} || Connecting with my loyal fans ❤️ Message me on {m}
en {n} || God first 🙏 Investor. Helping 50 families this month. Text me {m}
en {n} || Thank you all for the love! My team and I only reply here 👉 {m}
en {n} || Trade with my personal broker, 15% weekly. {m}
en {n} || 🎁 Giving back to the community. Hit me up, {m}
es {n} || Gracias por el apoyo ❤️ Escríbeme por privado {m}
es {n} || Ayudo a las familias a ganar desde casa. {m}
pt {n} || Obrigado pelo carinho! Fale comigo no {m}
pt {n} || Renda extra garantida 💰 me chama {m}
fr {n} || Merci pour votre soutien ❤️ Contactez-moi en privé : {m}
fr {n} || J'offre des prêts à 2 % en 48h. {m}
de {n} || Danke für eure Unterstützung ❤️ Schreibt mir privat: {m}
tr {n} || Destekleriniz için teşekkürler ❤️ Bana yazın {m}
tr {n} || Yatırım danışmanlığı, günlük kazanç. {m}
ru {n} || Спасибо за поддержку ❤️ Пишите лично {m}
ru {n} || Доход от 5000 в день, обучаю бесплатно. {m}
ar {n} || شكرا لمحبتكم ❤️ راسلوني على {m}
ar {n} || مساعدات مالية للأسر المحتاجة، تواصل {m}
hi {n} || आपके प्यार के लिए धन्यवाद ❤️ मुझसे बात करें {m}
ja {n} || 応援ありがとう❤️ 個人的な連絡はこちら {m}
id {n} || Terima kasih dukungannya ❤️ Hubungi saya {m}
id {n} || Bagi-bagi rejeki 50 juta, chat {m}
[impersonation name_role_messenger person]
en {N} || {r}. For private enquiries: {m}
en {N} || {r} {g} {m}
en {N} || {t} | {o} | DM or {m}
en {N} || The {t} at {o}. Ask me about our investor programme {m}
en {N} || {r}\\n📩 {m}\\n📍 {c}
es {N} || {r}. Atención personal: {m}
pt {N} || {r}. Atendimento: {m}
fr {N} || {r}. Contact direct : {m}
de {N} || {r}. Kontakt: {m}
tr {N} || {r}. İletişim: {m}
ru {N} || {r}. Связь: {m}
ar {N} || {r} للتواصل {m}
hi {N} || {r}। संपर्क: {m}
ja {N} || {r}。連絡先 {m}
id {N} || {r}. Kontak: {m}
[impersonation role_as_name person]
en {r} || Direct line to our investors. {m}
en {r} ✔️ || Claim your bonus today {g} {m}
en Office of the {r} || Write to us: {m}
en {t} {o} || Feel free to reach me directly, {m}
en {r} Official || Grants are open for all citizens. {m}
es {r} || Programa de ayudas abierto. {m}
pt {r} oficial || Fale direto comigo {m}
fr {r} || Écrivez-moi directement {m}
de {r} || Direkt erreichbar: {m}
tr {r} || Başvurular için {m}
ru {r} || Личный приём: {m}
ar {r} || للتواصل المباشر {m}
hi {r} || सीधे संपर्क करें {m}
ja {r} || 直接のご連絡は {m}
id {r} || Hubungi langsung {m}
[impersonation role_as_name_no_lure person]
en {r} ||
en {t}, {o} || Leading {o} into the future. {c}
en {r} || Husband. Believer. {n}.
es {r} || Trabajando por {o}
fr {r} ||
de {r} ||
tr {r} ||
ru {r} ||
ar {r} ||
id {r} ||
[impersonation support_desk organisation]
en {o} Support || 24/7 customer care. Send us your details by DM {m}
en {o} Help Desk || We resolve pending transactions, refunds and locked accounts. {m}
en {o} Customer Service 🛎 || Please follow and DM your booking reference. {m}
en {N} Care || Hello, we're here to help! Fill in the form: {link}
en Help@{a} || Complaints & refunds. {m}
es {o} Atención al Cliente || Estamos para ayudarte 24/7. Escríbenos {m}
pt {o} SAC || Central de atendimento. Chama no {m}
fr {o} Service Client || Envoyez-nous vos coordonnées en MP {m}
de {o} Kundenservice || Wir helfen rund um die Uhr. {m}
tr {o} Müşteri Hizmetleri || Şikayet ve iade için {m}
ru {o} Поддержка || Служба поддержки 24/7. {m}
ar خدمة عملاء {o} || نحن هنا لمساعدتك {m}
hi {o} ग्राहक सेवा || रिफंड के लिए संपर्क करें {m}
ja {o} サポート || お問い合わせはこちら {m}
id {o} Layanan Pelanggan || Keluhan & pengembalian dana: {m}
id Admin {o} || Halo kak, silakan lengkapi data di {link}
[impersonation recovery_desk organisation]
en {o} Recovery Unit || Lost funds? We trace and refund victims. {m}
en {o} Refund Department || Claims agent, ID {d}. {m}
es {o} Recuperación de Fondos || ¿Perdiste dinero? {m}
de {o} Rückerstattung || Verlorenes Geld zurückholen. {m}
ru {o} Возврат средств || Вернём деньги обманутым клиентам {m}
[impersonation giveaway any]
en {N} 🎁 || Celebrating with a 5,000 BTC / 10,000 ETH airdrop! Send 0.1, get 0.2 back → {link}
en {N} GIVEAWAY || First 100 followers win $1,000 on CashApp. {m}
en {N} || Official airdrop is LIVE {g} {link}
es {N} Sorteo || Regalamos 100 premios. Entra en {link}
pt {N} Promoção || Você foi selecionado! Resgate em {link}
fr {N} Concours || Vous avez gagné ! Confirmez ici {link}
de {N} Gewinnspiel || Du hast gewonnen! Bestätige hier {link}
tr {N} Çekiliş || 1000 kişiye hediye! {link}
ru {N} розыгрыш || Раздаём призы всем подписчикам {link}
ar مسابقة {N} || مبروك الفوز، سجل هنا {link}
ja {N} プレゼント企画 || 当選おめでとうございます。こちらから {link}
id {N} Giveaway || Selamat kamu terpilih! Klik {link}
[impersonation romance person]
en {N} || Widowed. One daughter. Looking for an honest woman. {m}
en {N} ❤️ || Single, God-fearing, here to meet real friends away from the cameras. {m}
en {N} || {t}, currently deployed. Honest and loyal. {m}
en {first} {last} 🌹 || Just a normal guy behind the fame. Write me on {m}
es {N} ❤️ || Soltero, busco una amistad sincera. {m}
pt {N} || Viúvo, procuro alguém sincero. {m}
fr {N} || Veuf, cherche une relation sérieuse. {m}
de {N} || Verwitwet, suche ehrliche Freundschaft. {m}
[impersonation private_account person]
en {n} (Private) || My private account, only for real fans. Chat with me on {m}
en {first} {last} Private Page 🔒 || Don't tell anyone you found me here. {m}
en {n} private chat || This is where I talk to my fans personally {m}
en {N} Fan Page || This is {first}, thanks for joining my private fan page. Add me on {m}
en Private account of {n} || DM for VIP card & meet and greet {m}
es {n} (cuenta privada) || Mi cuenta personal para hablar con ustedes {m}
pt {n} privado 🔒 || Minha conta pessoal, chama no {m}
fr {n} Privé || Mon compte privé pour mes vrais fans {m}
de {n} privat 🔒 || Mein privater Account für echte Fans {m}
tr {n} (özel hesap) || Özel hesabım, bana buradan yazın {m}
ru {n} личная страница || Мой личный аккаунт для общения с поклонниками {m}
ar {n} الحساب الخاص || حسابي الخاص للتواصل مع المعجبين {m}
ja {n}（プライベート） || 個人アカウントです。ファンの方はこちら {m}
id {n} (akun pribadi) || Akun pribadi saya, chat {m}
[impersonation backup_claim any]
en {n} backup || My main got hacked/limited, this is my only other account. {m}
en {N} 2.0 || Backup account. The old one is shadowbanned. Follow back everyone.
en {N} || New account!! They deleted my old one 😤 help me get my followers back
en {n} (second account) || Backup of @{h}. Talk to me here {m}
es {N} 2 || Cuenta de respaldo, me hackearon la otra. {m}
pt {N} reserva || Conta reserva, a principal caiu. {m}
fr {N} 2 || Compte secondaire, l'autre a été piraté. {m}
de {N} backup || Neuer Account, der alte wurde gehackt. {m}
tr {N} yedek || Yedek hesabım, diğeri kapandı. {m}
ru {N} запасной || Резервный аккаунт, основной взломали. {m}
ar {N} احتياطي || حسابي الاحتياطي بعد اختراق الأول {m}
id {N} cadangan || Akun cadangan, yang lama dihack. {m}
[impersonation bio_copied_full any]
en {N} || {bio}
en {N} || {bio} {m}
en {N} || {bio} {g}
[impersonation bio_copied_edited any]
en {N} || {edited}
en {N} || {edited} {m}
[impersonation bio_copied_part any]
en {N} || {part}
en {N} || {part} {g} {m}
en {N} || {part} | DM open
[impersonation name_and_bio_copied_no_lure any]
en {n} || {bio}
[impersonation lookalike_no_bio any]
en {look} ||
en {look} || {g}
[impersonation stylised_name any]
en {style} || {r}. {m}
en {style} || {m}
en {style} || {part}
es {style} || Escríbeme {m}
ru {style} || Пишите {m}
[impersonation zero_width_name any]
en {z} || {bio}
en {z} || Text me {m}
fr {z} || Contact : {m}
[impersonation nickname_and_role person]
en {nick} || {r}. {m}
en {nick} || {t} @{a} {g}
en {nick} || {r}
es {nick} || {r}
de {nick} || {r}. Kontakt {m}
pt {nick} || {r} {m}
[impersonation other_script_name person]
en {latin} || {r}. {m}
en {latin} || Write me privately {m}
ru {latin} || Мой личный телеграм {m}
[impersonation management_claim person]
en {n} Management || Official management of {n}. Bookings, fan card, meet & greet: {m}
en Team {last} || We manage all private messages of {n}. VIP membership {m}
en {n}'s Manager || Contact me before you talk to {first}. {m}
es Equipo de {n} || Representante oficial. Reservas y saludos {m}
fr Management {n} || Manager officiel. Rencontres privées {m}
de {n} Management || Offizielles Management. Meet & Greet {m}
id Manajer {n} || Manajemen resmi. Booking {m}
[impersonation official_grant official]
en {N} || {r}. Federal relief grants for all who apply: {m}
en Hon. {n} || {r}. COVID/flood assistance fund, register here {link}
es {N} || {r}. Bono de ayuda social, inscríbete {link}
pt {N} || {r}. Auxílio liberado, cadastre-se {link}
fr {N} || {r}. Aides de l'État, inscrivez-vous {link}
tr {N} || {r}. Devlet desteği başvurusu {link}
ar {N} || {r} التسجيل في المساعدات {link}
hi {N} || {r}। सरकारी योजना में आवेदन {link}
id {N} || {r}. Bantuan sosial, daftar {link}
[impersonation fake_journalist journalist]
en {N} || {r}. Interview requests for our next feature: {m}
en {N} | {o} || Let's get your project published. {m}
es {N} || {r}. Publicamos tu historia {m}
fr {N} || {r}. Publiez votre article {m}
tr {N} || {r}. Haber ve reklam {m}
ru {N} || {r}. Размещение публикаций {m}
[impersonation fake_recruiter organisation]
en {o} Careers || Now hiring: work from home, $300/day, no experience. {m}
en HR {o} || Official recruiter. Send your CV {m}
es {o} Empleos || Vacantes urgentes, trabajo desde casa {m}
pt Vagas {o} || Contratação imediata {m}
id Loker {o} || Lowongan kerja resmi {m}
hi {o} भर्ती || घर बैठे नौकरी {m}
[impersonation organisation_clone organisation]
en {N} || {o} official page. Sale up to 90%! {link}
en {N} Official || {k} | {c} | {link}
en {N} Promo || Clearance: everything must go {link}
es {N} Oficial || Liquidación total {link}
tr {N} || Resmi sayfa, kampanya {link}
ru {N} || Официальная страница. Скидки до 90% {link}
ar {N} || الصفحة الرسمية، تخفيضات {link}
[impersonation name_only_link any]
en {N} || {link}
en {N} || 👇👇👇 {link}
en {n} || {m}
"""
