"""Words the inventions are made of: given names, surname parts, places, trades and sentences in several languages.

Given names and words are common property; surnames, places and organisations are put together from parts, so that
nobody in the sample is meant to exist. Names in other scripts come as (native, Latin) so that handles can be made.
"""

from __future__ import annotations

from typing import NamedTuple


class Locale(NamedTuple):
    """What people of one language are called, each part as (native, Latin)."""

    code: str
    given: tuple[tuple[str, str], ...]
    stems: tuple[tuple[str, str], ...]
    endings: tuple[tuple[str, str], ...]
    family_first: bool = False
    joiner: str = " "


def _latin(parts: str) -> tuple[tuple[str, str], ...]:
    return tuple((part, part) for part in parts.split())


def _both(parts: str) -> tuple[tuple[str, str], ...]:
    return tuple((native, latin) for native, _, latin in (part.partition("=") for part in parts.split()))


LOCALES = (
    Locale(
        "en",
        _latin(
            "James Mary John Linda Michael Susan David Karen Peter Alice Samuel Grace Oliver Emma Jack Rose Tom Kate "
            "Daniel Laura Chris Helen Mark Julia Adam Nina Paul Clara Ben Ruth Will Sara Alex Max Sam Joe Nick Bob"
        ),
        _latin("Hal Whit Mor Ash Bram Thorn Kel Pen Wake Ren Hob Stan Col Wes Fair Black Hart Lang Cal Dun"),
        _latin("worth field ley more den ton wick ridge brook bury man well combe sett by ford gate stone"),
    ),
    Locale(
        "es",
        _latin("María José Carmen Luis Ana Jorge Lucía Pablo Elena Diego Sofía Andrés Rosa Raúl Marta Javier Inés"),
        _latin("Mont Villa Cast Herr Barr Salv Quint Arr Torr Belm Per Cand"),
        _latin("alvo eda erín ora aguero ondo anes iza ales ueta"),
    ),
    Locale(
        "de",
        _latin("Anna Lukas Maria Jonas Lena Felix Sabine Jürgen Katrin Uwe Heike Stefan Ute Björn Klara Thomas"),
        _latin("Stein Licht Wald Born Hoch Roth Falk Grün Eben Kess Lind Oster"),
        _latin("hauer mann bach feld inger ner berg heim eck wald"),
    ),
    Locale(
        "fr",
        _latin("Marie Jean Camille Pierre Chloé Louis Hélène Antoine Manon Hugo Élise Julien Margaux Rémi"),
        _latin("Beau Mont Clair Dur Val Roch Fon Lam Mar Per"),
        _latin("mont ville court champ oix eau ignac ier elle ard"),
    ),
    Locale(
        "tr",
        _latin("Ayşe Mehmet Elif Mustafa Zeynep Emre Fatma Can Deniz Burak Selin Kemal"),
        _latin("Kara Ak Yıldız Demir Gök Taş Öz Ay"),
        _latin("oğlu tepe kaya han er soy demir taş"),
    ),
    Locale(
        "yo",
        _latin("Chidi Amara Tunde Ngozi Emeka Folake Seun Ifeoma Kofi Abena Wanjiru Kamau"),
        _latin("Ade Oba Nwa Oki Eze Ola Mba Ano"),
        _latin("kunle yemi chukwu gbe tola dike sanya wole"),
    ),
    Locale(
        "ru",
        _both(
            "Анна=Anna Иван=Ivan Ольга=Olga Сергей=Sergey Мария=Maria "
            "Дмитрий=Dmitry Елена=Elena Павел=Pavel Юлия=Yulia Олег=Oleg"
        ),
        _both("Лаз=Laz Вер=Ver Бел=Bel Гор=Gor Кры=Kry Мел=Mel Тур=Tur Сав=Sav"),
        _both("енко=enko овский=ovsky илов=ilov атов=atov унин=unin евич=evich"),
    ),
    Locale(
        "el",
        _both("Μαρία=Maria Νίκος=Nikos Ελένη=Eleni Γιώργος=Giorgos Άννα=Anna Κώστας=Kostas"),
        _both("Παλ=Pal Καρ=Kar Μαν=Man Στεφ=Stef Λυκ=Lyk"),
        _both("όπουλος=opoulos ίδης=idis άκης=akis ανός=anos"),
    ),
    Locale(
        "ar",
        _both("محمد=Mohamed فاطمة=Fatima أحمد=Ahmed ليلى=Layla يوسف=Yousef نور=Noor سارة=Sara عمر=Omar"),
        _both("الحر=Alhar السم=Alsam النج=Alnaj البر=Albar الشه=Alshah"),
        _both("بي=bi ان=an ار=ar دي=di مي=mi"),
    ),
    Locale(
        "hi",
        _both("प्रिया=Priya राहुल=Rahul अनीता=Anita विजय=Vijay मीरा=Meera अर्जुन=Arjun सुनील=Sunil"),
        _both("मल=Mal चन=Chan देव=Dev राम=Ram सूर=Sur"),
        _both("होत्रा=hotra वंशी=vanshi कर=kar पाल=pal राज=raj"),
    ),
    Locale(
        "ja",
        _both("陽子=Yoko 健太=Kenta 美咲=Misaki 大輔=Daisuke 葵=Aoi 翔=Sho さくら=Sakura"),
        _both("森=Mori 川=Kawa 石=Ishi 高=Taka 西=Nishi 松=Matsu"),
        _both("谷=tani 沢=zawa 橋=hashi 浦=ura 井=i 原=hara"),
        family_first=True,
        joiner="",
    ),
    Locale(
        "ko",
        _both("민수=Minsu 지영=Jiyoung 현우=Hyunwoo 수진=Sujin 예은=Yeeun 동현=Donghyun"),
        _both("강=Kang 윤=Yoon 한=Han 서=Seo 배=Bae 문=Moon"),
        (("", ""),),
        family_first=True,
        joiner="",
    ),
)

PLACE_STEMS = ("Vel Kor Ash Tam Nor Bru Sel Mir Dal Ost Quen Ral Tir Zan Lor Hel Bel Ister Cald Wyn Pera Sol").split()
COUNTRIES = (
    "Argentina", "Australia", "Brasil", "Canada", "Chile", "Colombia", "Deutschland", "Egypt", "España", "France",
    "India", "Indonesia", "Italia", "Japan", "Kenya", "México", "Nigeria", "Perú", "Philippines", "South Africa",
    "Türkiye", "UK", "USA", "Россия", "السعودية", "भारत",
)  # fmt: skip
PLACE_ENDINGS = ("moria vania land istan mark ovia ria burg haven ville ton ford stad grad mouth shire").split()
STEMS = (
    "North Blue Iron Silver Solar Quanta Nimbo Vertex Luma Aero Terra Krypto Astra Polar Delta Cobalt "
    "Ever Zephyr Omni Helio Pixel Block Coin Meta Nova Fjord Onyx Harbor Cedar Amber"
).split()
TAILS = ("wind ware tek bit chain swap base works lab path grid vault stream line point mint dex ly io forge").split()
# kind of organisation: (what its name ends in, roles of the people in it)
ORGANISATIONS = {
    "company": (
        "Bank|Motors|Airlines|Energy|Foods|Insurance|Telecom|Games|Labs|Cloud",
        "CEO|CFO|founder|chair|head of support",
    ),
    "crypto": ("Exchange|Protocol|Wallet|Finance|DAO|Token", "founder|CEO|lead developer|head of growth"),
    "news": ("Times|Post|News|Radio|TV|Herald|Daily|Gazette", "editor-in-chief|anchor|political correspondent"),
    "club": ("FC|United|Racing|Athletic|Rovers", "coach|captain|goalkeeper|president"),
    "culture": ("Museum|Opera|Orchestra|Festival|Theatre", "director|conductor|curator"),
    "aid": ("Foundation|Relief|Institute|University", "director|president|spokesperson|professor"),
}
OFFICES = (
    "Mayor of {city}",
    "Governor of {country}",
    "Minister of Health of {country}",
    "Senator for {country}",
    "President of {country}",
    "Member of Parliament for {city}",
    "Prime Minister of {country}",
)
CALLINGS = (
    "actor",
    "singer",
    "novelist",
    "economist",
    "comedian",
    "chef",
    "astronaut",
    "journalist",
    "DJ",
    "boxer",
    "investor",
    "photographer",
)
HANDLE_PREFIXES = {
    "Mayor": "Mayor",
    "Governor": "Gov",
    "Minister": "Min",
    "Senator": "Sen",
    "President": "President",
    "Member": "Rep",
    "Prime": "PM",
}

BIOS = (
    "{role}. {interest} and {interest2}.",
    "{role}. Views are my own. {tag}",
    "Proud {role}. {tag} {tag2}",
    "{role}, working on {interest}.",
    "{interest}, {interest2}, {interest3}. {role}.",
    "{role} | {interest} | {city}",
    "{role}. Escribo sobre {interest}.",
    "{role}. Hier geht es um {interest}.",
    "{role}. J'aime {interest}.",
    "{role}. Пишу про {interest}.",
    "Serving {city} as {role}. {tag}",
)
BODY_BIOS = (
    "Official account of {name}.",
    "The home of {name}.",
    "{name}. Serving {place} since 1961.",
    "Welcome to {name}! Questions? @{handle}Help",
    "We never ask for your password or PIN. Official account of {name}.",
    "News and updates from {name}. Help 24/7 by DM.",
    "Cuenta oficial de {name}. Atención al cliente por mensaje directo.",
    "Canal oficial de {name}",
    "Perfil oficial. Atendimento: 24 horas",
    "Offizieller Kanal von {name}. Impressum siehe Link",
    "Compte officiel de {name}",
    "{name} resmi hesabı",
    "Официальный аккаунт {name}",
    "الحساب الرسمي {name}",
    "Akun resmi {name}",
    "{name}",
    "Fast. Safe. Yours. #{place}",
    "Listen, read, watch. {name} in {place}",
)
ORDINARY_BIOS = (
    "{interest} lover. {city}.",
    "mum of two, {interest} and coffee",
    "{interest} // {interest2} // {interest3}",
    "just here for {interest}",
    "student in {city}. {interest}!",
    "{tag} {tag2}",
    "dad, runner, {interest}",
    "amante de {interest}",
    "{interest} und {interest2}",
    "люблю {interest}",
    "she/her. {interest}. opinions mine",
    "living in {city}, dreaming of {interest}",
    "I tweet about {interest}",
    "{interest} trader, not financial advice",
    "big fan of {interest}",
    "DM me for collabs about {interest}",
)
INTERESTS = (
    "football",
    "gardening",
    "markets",
    "climate",
    "poetry",
    "cycling",
    "space",
    "cooking",
    "chess",
    "data",
    "history",
    "jazz",
    "fishing",
    "cats",
    "bitcoin",
    "photography",
    "schools",
    "health care",
    "small business",
    "rivers",
    "film",
    "books",
    "travel",
    "knitting",
    "robots",
    "wine",
    "rugby",
    "painting",
    "tea",
    "democracy",
)
COMMON_WORDS = (
    "crypto",
    "news",
    "daily",
    "real",
    "the",
    "king",
    "queen",
    "boy",
    "girl",
    "art",
    "music",
    "sport",
    "world",
    "life",
    "love",
    "bit",
    "trade",
    "tech",
    "game",
    "star",
    "dark",
    "happy",
    "little",
    "big",
    "mister",
    "miss",
    "doctor",
    "coach",
    "travel",
    "food",
    "media",
    "radio",
    "dog",
    "cat",
    "moon",
    "sun",
    "gold",
    "eth",
    "coin",
    "black",
    "red",
    "blue",
    "wild",
    "free",
)
