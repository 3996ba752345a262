"""What impersonators write with: words they add, letters that look alike, decorated alphabets, other spellings.

Written from knowledge of such accounts and of the generators of "fancy text" they use, not from what this project
detects.

References
----------
Look-alike letters across scripts: https://www.unicode.org/reports/tr39/ (a selection, with look-alikes people use
besides the confusables listed there)
"""

from __future__ import annotations


def _phrases(text: str) -> list[str]:
    return [phrase.strip() for line in text.strip().splitlines() for phrase in line.split(" ~ ")]


def _table(text: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in text.split())


HANDLE_WORDS = """
official real the its iam support help hq backup private team chat fan fans page online live news media care desk
service admin ceo verified vip promo gift crypto invest trade finance airdrop give shop store app bot tv fc dm pvt
main alt second new updates info contact customer reply recovery office
oficial officiel ufficiale offiziell oficjalny resmi rasmi soporte ayuda privado privee aide hilfe kundenservice
assistenza suporte atendimento pomoc destek yedek hesap klub grupo equipo equipe kanal canal cuenta konto fanclub
""".split()

# {} is the name; the rest is what is added to it.
NAME_ADDITIONS = _phrases("""
{} Official ~ Official {} ~ {} ✔ ~ {} ✓ ~ {} ☑️ ~ {} ✅ ~ {} Support ~ {} Team ~ Team {} ~ {} | CEO ~ {} HQ ~ {}™
{} - CEO & Founder ~ Real {} ~ The Real {} ~ {} (Backup) ~ {} backup account ~ {} Private ~ {} 🔒 Private ~ {} VIP
{} Help Desk ~ {} Customer Care ~ {} Fan Page ~ {} Fans ~ {} News ~ {} Updates ~ {} Giveaway 🎁 ~ {} Crypto ~ {} 2.0
{} Foundation ~ {} Management ~ {} 2 ~ {} [verified] ~ It's {} ~ I am {} ~ Dr. {} ~ {} Jr. ~ {} Oficial ~ {} Soporte
{} (Cuenta oficial) ~ Atención {} ~ {} Officiel ~ Compte privé {} ~ {} Offiziell ~ {} Kundenservice ~ {} Ufficiale
{} oficjalny ~ {} Resmi Hesap ~ {} Resmi ~ {} Destek ~ Официальный {} ~ {} официальный ~ {} Suporte
{} 公式 ~ {} 官方 ~ {} 客服 ~ {} 공식 ~ {} الرسمي ~ الحساب الرسمي {} ~ {} आधिकारिक ~ {} Perfil Oficial
""")
NAME_WITHIN = _phrases("""
Personal assistant of {} ~ Investing with {} every day ~ News about {} and more ~ Manager to {} - bookings
I love {} ❤️ ~ {} giveaway winners 2025 🎁 ~ Trading signals by {} & Co ~ The daily {} show ~ Ask {} anything
Fan account for {} worldwide ~ Free coins from {} 🚀 claim ~ Message {} on Telegram ~ In memory of {} forever
Amigos de {} en todo el mundo ~ Noticias de {} al día ~ Les amis de {} en France ~ Alles über {} und Familie
{} için fan sayfası ~ Новости о {} каждый день ~ みんなの{}ファン ~ 热爱{}的人们 ~ أخبار {} اليوم
Crypto coach (trained by {}) ~ not {}, just a friend ~ {} is giving back today ~ Prayers for {} 🙏 and family
""")
BIO_WITH_NAME = _phrases("""
Official backup account of {}. ~ {} | CEO, investor, dreamer. DM for business 📩 ~ Offizielles Zweitkonto von {}
This is the private page of {}, fans only ❤️ ~ Support team of {}. We answer within 24 hours. ~ {} 的官方小号
I'm {} and I'm giving back to the community. Message me to claim. ~ Account manager for {} - Telegram only
Compte officiel de {} 🇫🇷 ~ Cuenta oficial de {}. Escríbeme por privado. ~ {} hayran sayfası, resmi hesap
Официальная страница: {} ~ {}の公式サブアカウントです ~ الحساب الرسمي الثاني {} ~ Trading with {} since 2019
Husband, father. My main got locked. Yes it's me, {} 🙏
""")
BIO_WITH_HANDLE = _phrases("""
Backup of @{} ~ Backup account. Main: @{} (suspended) ~ Private page of @{} 🔒 ~ new account of @{}, follow me back
Support for @{} customers, write us a DM ~ Personal account, official one is @{} ~ CEO @{} | DM for promo
Owner of @{} • investing • crypto ~ Cuenta privada de @{} ~ Compte secondaire de @{} ~ 2. Account von @{}
@{} yedek hesap ~ @{} のサブ垢 ~ Запасной аккаунт @{} ~ manager for @{} 📩 telegram ~ Team @{} - claim your reward 👇
""")
BIO_NAMES = _phrases("""
Backup account ~ Customer Care ~ Support Team ~ Private page ~ Help Desk ~ Giveaway 🎁 ~ Account Manager ~ Official ✔
""")
EMOJI = "🚀 ❤️ ✨ 🔥 💎 🌍 🇺🇸 👑 💰 ⭐ 🦋 🎉 🙏 💙 🍀 ⚡ 🌹 😎 🏆 🕊️ ✔️ 🔵 🤍 🌈".split()

# Neighbours on a keyboard, and vowels, which are taken for one another.
_ROWS = "йцукенгшщзхъ фывапролджэ ячсмитьбю ςερτυθιοπ ασδφγηξκλ ζχψωβνμ".split()
KEYS = {
    **_table(
        "q=wa w=qes e=wrd r=etf t=ryg y=tuh u=yij i=uok o=ipl p=ol a=qsz s=adwx d=sfec f=dgrv g=fhtb h=gjyn j=hkum "
        "k=jli l=kop z=asx x=zsc c=xdv v=cfb b=vgn n=bhm m=njk"
    ),
    **{key: row[max(i - 1, 0) : i] + row[i + 1 : i + 2] for row in _ROWS for i, key in enumerate(row)},
}
VOWELS = "aeiouy"

# What looks like another character, or characters, in a handle; what only differs in case is left out.
ASCII_ALIKE = {
    pair.split("=")[0]: pair.split("=")[1].split(",")
    for pair in (
        "l=I,1,i I=l,1 i=l,1 1=l,I L=1 o=0 O=0 0=O,o m=rn,nn rn=m nn=m w=vv vv=w W=VV u=v v=u s=5 S=5 5=S z=2 Z=2 "
        "2=z b=6 B=8 8=B g=q,9 q=g,9 9=g d=cl cl=d a=4 A=4 e=3 E=3 t=7 T=7 y=v h=lh _=__ __=_"
    ).split()
}

LATIN_ALIKE = _table(
    "a=аɑα b=Ь c=сϲᴄ d=ԁᑯ e=еҽ℮ f=ẝſ g=ɡց h=һհ i=іɩıι j=јϳ k=κкᴋ l=ӏǀⅼ m=мⅿᴍ n=ոռп o=оοօσ p=рρ q=ԛգ r=гᴦ s=ѕꜱ t=тτᴛ "
    "u=υսʋ v=νѵᴠ w=ԝѡա x=хχ y=уγ z=ᴢ A=АΑᎪ B=ВΒᏴ C=СϹᏟ D=Ꭰᗞ E=ЕΕᎬ F=Ϝᖴ G=ԌᏀ H=НΗᎻ I=ІΙӀ J=ЈᎫ K=КΚᏦ L=ᏞᒪⅬ M=МΜᎷ "
    "N=Νꓠ O=ОΟՕ P=РΡᏢ Q=Ԛ R=ᎡᏒ S=ЅՏᏚ T=ТΤᎢ U=Սሀ V=ѴᏙⅤ W=ԜᎳ X=ХΧⅩ Y=ΥҮᎩ Z=ΖᏃ"
)
_ALIKE_PAIRS = (
    "大太 木本 田由 王玉 未末 土士 日曰 己已 人入 石右 明朋 千干 天夭 陈陳 张張 刘劉 杨楊 黄黃 吴吳 赵趙 马馬 刚剛 "
    "华華 国國 沢澤 斎斉 高髙 崎﨑 力カ 二ニ 工エ 夕タ 卜ト 口ロ 八ハ 一ー へヘ りリ يی كک هہ اأ ةه"
).split()
# The same for names in other scripts: Cyrillic and Greek letters as Latin ones, and pairs within a script.
OTHER_ALIKE = {
    **{alike: latin for latin, alikes in LATIN_ALIKE.items() for alike in alikes if "\u0370" <= alike <= "\u04ff"},
    **{pair[0]: pair[1] for pair in _ALIKE_PAIRS},
    **{pair[1]: pair[0] for pair in _ALIKE_PAIRS},
}

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_MATHEMATICAL = range(0x1D400, 0x1D671, 52)  # bold, italic, ..., monospace: the same letters in the same order
# Letters of the mathematical alphabets that Unicode had before them, and so leaves out there.
_ELSEWHERE = {
    int(pair[:5], 16): pair[5]
    for pair in (
        "1D455ℎ 1D49Dℬ 1D4A0ℰ 1D4A1ℱ 1D4A3ℋ 1D4A4ℐ 1D4A7ℒ 1D4A8ℳ 1D4ADℛ 1D4BAℯ 1D4BCℊ 1D4C4ℴ 1D506ℭ 1D50Bℌ 1D50Cℑ "
        "1D515ℜ 1D51Dℨ 1D53Aℂ 1D53Fℍ 1D545ℕ 1D547ℙ 1D548ℚ 1D549ℝ 1D551ℤ"
    ).split()
}
# Where A and a are: full-width, circled, in parentheses; then white on black, squared, white squared, flags: no small.
_BLOCKS = (
    (0xFF21, 0xFF41), (0x24B6, 0x24D0), (0x1F110, 0x249C),
    (0x1F150, 0x1F150), (0x1F130, 0x1F130), (0x1F170, 0x1F170), (0x1F1E6, 0x1F1E6),
)  # fmt: skip
_SMALL_CAPITALS = "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀsᴛᴜᴠᴡxʏᴢ"
_FANCY = (
    _SMALL_CAPITALS,
    "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖqʳˢᵗᵘᵛʷˣʸᶻ",
    "ค๒ς๔єŦﻮђเןкl๓ภ๏קợгรtยשฬאץz",
    "卂乃匚ᗪ乇千Ꮆ卄丨ﾌҜㄥ爪几ㄖ卩Ɋ尺丂ㄒㄩᐯ山乂ㄚ乙",
)


def _alphabets() -> list[dict[str, str]]:
    """Return decorated alphabets: from an ASCII letter to what stands for it."""
    rows = [[_ELSEWHERE.get(start + i) or chr(start + i) for i in range(52)] for start in _MATHEMATICAL]
    rows += [[chr(start + i) for start in block for i in range(26)] for block in _BLOCKS]
    rows += [[*signs, *signs] for signs in _FANCY]
    rows.append([*_LETTERS[:26], *_SMALL_CAPITALS])
    return [dict(zip(_LETTERS, row, strict=True)) for row in rows]


ALPHABETS = _alphabets()
STACKED_MARKS = [chr(code) for code in (*range(0x0300, 0x0316), *range(0x0323, 0x0333))]
STRIKES = ["\u0332", "\u0336", "\u0335", "\u0338", "\u0305", "\u0333", "\u033f", "\u0330"]

# A name in Latin letters as its Slavic or Greek owner writes it, the longest spelling first.
TO_CYRILLIC = _table(
    "shch=щ sch=щ iya=ия iyu=ию yo=ё zh=ж kh=х ts=ц ch=ч sh=ш yu=ю ya=я iu=ю ia=ия ye=е iy=ий ey=ей ay=ай oy=ой "
    "dj=ђ lj=љ nj=њ cz=ч sz=ш rz=ж ck=цк š=ш č=ч ž=ж ć=ћ đ=ђ ł=л ś=с ź=ж ż=ж ą=он ę=ен ř=рж ě=е ý=ы á=а é=е í=и ó=о "
    "ú=у ů=у ň=нь ľ=ль ť=ть ď=дь a=а b=б c=ц d=д e=е f=ф g=г h=х i=и j=й k=к l=л m=м n=н o=о p=п q=к r=р s=с t=т u=у "
    "v=в w=в x=кс y=ы z=з"
)
TO_GREEK = _table(
    "th=θ ps=ψ ph=φ ch=χ ou=ου mp=μπ nt=ντ gk=γκ ks=ξ a=α b=β c=κ d=δ e=ε f=φ g=γ h=η i=ι j=τζ k=κ l=λ m=μ n=ν o=ο "
    "p=π q=κ r=ρ s=σ t=τ u=υ v=β w=ω x=ξ y=υ z=ζ"
)
# Spellings of one name in Latin letters that differ between passports.
LATIN_SPELLINGS = (
    "iy=y yy=y ii=i ya=ia yu=iu zh=j kh=h ts=c shch=sch ou=u oo=u ee=i ei=i aa=a ph=f th=t dh=d gh=g q=k x=ks ks=x w=v"
).split()
