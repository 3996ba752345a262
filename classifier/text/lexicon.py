"""Words that declare, claim or lure, in the main languages; titles and their synonyms; hosts that say nothing or much.

The lists are this project's own, written from public descriptions: X's parody, commentary and fan account policy
(https://help.x.com/en/rules-and-policies/authenticity), the FTC's notes on impersonation scams
(https://consumer.ftc.gov/scams/imposter-scams) and the words of campaign and office accounts. All are matched against
text in normal form (``normalization.normal``).
"""

from __future__ import annotations

import re
from functools import cache

from classifier.text.regex_prefilter import Triggers

# Words impersonators add to be believed.
CLAIM_WORDS = frozenset(
    (
        "official officially oficial officiel officielle offiziell offizielle ufficiale resmi rasmi официальный "
        "официальная real therealone thereal verified verificado verificada original genuine authentic authorized "
        "authorised true support help helpdesk helpcenter service services customer care hq private privado "
        "privada personal backup vip giveaway promo airdrop recovery admin assistant assistance management manager "
        "fanmail chat soporte suporte ayuda ajuda atendimento hilfe destek поддержка помощь الرسمي رسمي "
        "दعم الدعم 公式 공식 官方 bantuan layanan"
    ).split()
)
# Words that whoever imitates puts beside a name or a brand: a service, a site, an offer. Genuine accounts have them,
# too.
SERVICE_WORDS = frozenset(
    (
        "assist assistencia asistencia atencion atención atende cliente clientes clients client consulta consultas "
        "contact contacto contato contactus kontakt info informa informacion informasi online enlinea linea virtual "
        "digital web app site login secure security verify alert alerts update updates responde respuesta reclamos "
        "reclamo gestion gestiones usuario usuarios users desk center centre centro call hotline phone whatsapp "
        "telegram ticket tickets service servicio servicios serviço servicos kundendienst kundenservice hilfe aide "
        "assistance resmi cs layanan bantuan pusat yardim yardım musteri müşteri destek "
        "exchange wallet pay cash bank banca pro hot cold com net org ofi ofc ok okk fanpage page "
        "oferta ofertas ofrece offer offers promos promocion promoção bonus bono bonos benefit beneficio beneficios "
        "premio premios prêmio prize prizes reward rewards lottery sorteo sorteio undian hadiah bagi berbagi rejeki "
        "foundation fundacion fundación fundação fondation stiftung yayasan fund funds charity aid grant grants loan "
        "loans pinjaman prestamo préstamo invest investment investments trading crypto forex"
    ).split()
)
# What stands before a name and says nothing of whose it is.
HONORIFICS = frozenset(
    (
        "mr mrs ms miss mister sir madam dame lord lady hon honorable honourable excellency sheikh shaikh haji hajj hj "
        "alhaji ustad ustadh kh kyai pastor bishop evangelist prophet apostle rev reverend dr doctor dra prof "
        "professor eng engr ing barrister chief drs ir bapak ibu pak bu bang señor señora don doña sr sra herr frau "
        "monsieur madame bay bayan shri sri smt"
    ).split()
)
CLAIM_SIGNS = frozenset("✔✅☑🔵®™")
# Words by which the handles of one owner's genuine accounts differ: offices, titles, campaigns, departments.
OFFICE_WORDS = frozenset(
    (
        "campaign campaña kampagne campagne campanha senate congress house mayor governor gov rep sen senator "
        "congressman "
        "congresswoman president minister mp dr us usa parliament press presse prensa imprensa newsroom news office "
        "ministry jobs careers studio band books podcast show live tv radio shop store tickets community labs research "
        "events archive team foundation vote elect for 4 hq es de fr uk personal пресс служба basın"
    ).split()
)
# What such an account says of itself.
_OFFICE = re.compile(
    r"campaign|campaña|kampagne|campanha|wahlkampf|kandidat|candida(te|to|ta)|re-?elect|\belect\b|paid for by|"
    r"for (us |u\.s\. |the )?(congress|senate|governor|mayor|president|parliament|house|council|delegate)|"
    r"\b(press|media) (office|team|account|service|desk|room|inquiries)|newsroom|spokes(man|woman|person)|oficina de|"
    r"(^|\W)office of |\b(official|government|legislative|congressional|office) (office|work|business|account|acct)|"
    r"personal (account|acct|tweets|page|views|profile)|my own views|"
    r"(run|managed|posts?|tweets?) (by|from) (the )?(team|staff|office|campaign)|\bteam \w+|"
    r"\b(jobs|careers) at|we are hiring|en español|in english|auf deutsch|en français|em português|auf englisch|"
    r"prensa|pressestelle|pressesprecher|servicio de prensa|service de presse|assessoria|пресс-служб|basın|"
    r"cuenta personal|compte personnel|conta pessoal|kişisel hesap"
)

# What an owner writes as well as a thief: about a lost account and a new one, a second one, a desk of one's firm.
_OWNER = re.compile(
    r"\b(old|previous|former|main|other|last|first|original) (account|profile|page|handle|acc|acct)\b|\bhack(ed|"
    r"ers?)\b|(account|profile|page) (was|got|has been|is) (suspended|lost|locked|stolen|taken|deleted)|start(ing|"
    r"ed)? (over|anew|again|fresh)|\bnew (account|profile|page|handle|home|acc)\b|lost (access|my|the)|locked out|"
    r"moved (here|from|to|over)|back-?up|second(ary)? (account|profile|acc)|(private|personal|alt) (account|profile|"
    r"acc)|customer (care|service|support|relations)|help ?(desk|cent(er|re))|support (desk|team|line|account)|"
    r"we reply|cuenta (nueva|anterior|antigua|personal|privada|secundaria|de respaldo)|nueva cuenta|me hackearon|"
    r"hackead|empez(ando|ar) de nuevo|atenci[oó]n al (cliente|p[uú]blico|usuario)|soporte|conta (nova|antiga|"
    r"reserva|pessoal|secund)|nova conta|atendimento|compte (perso|priv|secondaire|de secours|pirat)|nouveau compte|"
    r"pirat[ée]|service client|neue[rs]? (konto|account|profil)|gehackt|zweit(konto|account)|kunden(service|dienst|"
    r"betreuung)|nuov[oa] (account|profilo)|assistenza clienti|yeni hesa|yedek hesa|çal[ıi]nd[ıi]|müşteri hizmet|"
    r"нов(ый|ая) (аккаунт|страниц)|взлом|запасн|служба поддержки|حساب (جديد|احتياطي|شخصي)|اختراق|خدمة العملاء|"
    r"नया (अकाउंट|खाता)|हैक|ग्राहक सेवा|akun (baru|lama|cadangan|pribadi|kedua)|diretas|layanan pelanggan|新しいアカウント|"
    r"乗っ取|サブ垢|サポート|新号|新帳號|被盗|备用|客服|새 계정|해킹|부계정|고객 ?(센터|지원)"
)

# A parody, fan, commentary or role-play account says so.
_PARODY = re.compile(
    r"parod|^not |\(not |^nicht |^pas |\bfans?\b|fan[ -]?(page|account|club|base|konto|seite|made)|fandom|\bstans?\b|"
    r"commentary|commentaire|kommentar|satir|sátir|spoof|lampoon|\bfake\b|\bfalso\b|\bmock|\bjokes?\b|humou?r|comedy|"
    r"not (the real|the actual|affiliated|actually|really|official|endorsed|associated|connected)|no affiliation|"
    r"isn't the real|is not the real|unaffiliated|unofficial|inoffiziell|no (es )?oficial|n[aã]o[ -]oficial|"
    r"non[ -](officiel|ufficiale)|no afiliad|sin relación|n[aã]o afiliad|pas le vrai|pas la vraie|nicht der echte|"
    r"nicht die echte|kein offiziell|nicht offiziell|не официальн|неофициальн|не настоящ|пароди|сатир|фан|юмор|"
    r"\bbot\b|\brobot\b|tribute|hommage|homenaje|homenagem|hayran|parodi|taklit|mizah|resmi de[gğ]il|gerçek de[gğ]il|"
    r"role[ -]?play|\brp\b|in character|fictional|fictici|imaginary|daily (dose|quotes|pics)|quotes (from|by|of)|"
    r"archiv|updates (on|about|for)|news about|all things|fã[ -]?clube|fãs|admirador|seguidores de|club de fans|"
    r"penggemar|tidak resmi|bukan akun (asli|resmi)|παρωδία|παρωδια|θαυμαστ|"
    r"パロディ|ファン|非公式|なりきり|ネタ|ボット|패러디|팬|비공식|봇|恶搞|粉丝|非官方|模仿|戏仿|"
    r"محاكاة|ساخر|معجب|غير رسمي|ليس الحساب|मज़ाक|व्यंग्य|फैन|अनौपचारिक|पैरोडी|प्रशंसक"
)
# An account says who runs it.
_OPERATOR = re.compile(
    r"\b(run|managed|operated|maintained|moderated) by \w|"
    r"\b(gestionad|administrad|gerid|llevad|mantid)[oa]s? por \w|\bg[ée]r[ée]e? par \w|tenue? par \w|"
    r"\b(betrieben|verwaltet|gef[üu]hrt) von \w|يدير(ه|ها)|بإدارة|द्वारा (संचालित|चलाया)|が運営|運営者|による運営"
)
# Whoever cannot stand somebody is no fan, a fan of jazz no fan account; who speaks to his fans claims to have them.
_NO_PARODY = re.compile(
    r"not a fan|no fan of|don't like|(big|huge|die-?hard|massive|proud) fan of|\bfan of\b|fan ?mail|"
    r"\b(my|our|all|real|dear|loyal|true|lovely|mis|mes|meus|meine) (\w+ )?(fans|fãs)\b|(to|for|with|"
    r"meet) (\w+ )?fans\b"
)
# What it cannot do without: looked for first, because hardly any text has it.
_IN_NO_PARODY = ("fan", "fãs", "don't like")

_MESSENGER = (
    r"telegram|telegrm|whats ?app|watsap|\bwa\b|\b(on|via|by|use|add|my|our|join) signal\b|"
    r"\bsignal (me|app|chat|number|only)|viber|wechat|weixin|zangi|google chat|hangouts?|discord|"
    r"line id|kakao|t\.me|wa\.me|телеграм|телега|вотсап|ватсап|واتس|تلجرام|تيليجرام|تليجرام|व्हाट्सएप|टेलीग्राम|"
    r"微信|飞机|ライン|카톡|텔레그램"
)
_URGES = (
    r"\b(dm|message|msg|text|write|contact|inbox|reach|add|chat|email|hit|send|ping)\b.{0,24}\b(me|us|for|now|on|at|"
    r"via|"
    r"directly|privately|here)\b|\bdms? (open|only|now|for)|private (chat|message)|"
    r"escr[ií]b(e|a)(me|nos)|m[aá]nda(me|nos)|cont[aá]cta(me|nos)|env[ií]a(me|nos)|por (privado|interno)|al privado|"
    r"me chama|chama no|manda mensagem|fale (comigo|conosco)|entre em contato|no privado|"
    r"[ée]cri(s|vez)[- ](moi|nous)|contacte[zr]?[- ]?(moi|nous)?|en (message )?priv[ée]|"
    r"schreib(t|en sie)? (mir|uns)|meld(e|et|en)? (dich|euch|sie sich)|kontaktier|per pn|"
    r"scrivi(mi|ci)|contatta(mi|ci|temi)|in privato|mesaj at|bana yaz|yaz[ıi]n|iletişim|ileti[sş]ime|özelden|"
    r"пиши|напиши|в личк|в лс|в директ|свяжитесь|обращайтесь|راسل|تواصل|على الخاص|कॉल करें|संपर्क|मैसेज कर|"
    r"hubungi|chat (saya|kami|admin)|kirim pesan|私信|联系|加我|連絡|メッセージ|dm(ください|下さい|して)|연락|메시지"
)
_MONEY = (
    r"giveaway|give away|airdrop|doubl(e|ing) (your|ur)|send \d|get \d+ ?x|claim (your|now|free|it)|"
    r"free (btc|eth|crypto|money|tokens|cash)|invest(ment|ments|ing)? (plan|platform|tips|advice|with|opportunit|now)|"
    r"guarante(ed|e)? .{0,12}(profit|return|income)|\bprofits?\b|passive income|earn (daily|weekly|\$|money|from)|"
    r"trading (signals|platform|expert)|forex|binary options|bitcoin mining|\bgrants?\b|lotter|jackpot|winner|\bprize|"
    r"cash ?app|gift ?card|loans?\b|donat(e|ion)|"
    r"sorteo|regal(o|ando)|gan(a|e|ar) dinero|inversi[oó]n|ganancias|premio|subvenci|sorteio|ganh(e|ar)|investimento|"
    r"lucro|cadeau|gagne[rz]|investissement|subvention|gewinn|investition|rendite|verdien|vincita|guadagn|çekiliş|"
    r"hediye|"
    r"kazan|yat[ıi]r[ıi]m|hibe|розыгрыш|раздач|инвестиц|заработ|доход|جائزة|هدية|استثمار|أرباح|منحة|इनाम|निवेश|कमाए|"
    r"hadiah|bagi-bagi|investasi|untung|投资|中奖|赚钱|空投|プレゼント企画|投資|稼|当選|투자|수익|당첨"
)
_RECOVERY = (
    r"recover(y|ing|ed)? .{0,20}(lost|stolen|funds?|accounts?|assets?|wallets?|hacked|locked)|"
    r"(account|asset|fund|wallet|crypto) recovery|(hacked|locked|stolen|suspended|disabled) accounts?|refund|"
    r"recupera(r|ci[oó]n|mos)|récup[ée]r|wiederherstell|kurtar|восстанов|возврат|استرداد|استعادة|वापस|pemulihan|復旧|"
    r"恢复"
)
_PHONE = r"\+\d[\d ().-]{6,}\d"
_LURES = {
    "messenger": re.compile(f"{_MESSENGER}|{_PHONE}"),
    "urges": re.compile(_URGES),
    "money": re.compile(_MONEY),
    "recovery": re.compile(_RECOVERY),
}
# What says that the account speaks for somebody, or is another account of somebody.
_SPEAKS = re.compile(
    r"(private|personal|backup|back-up|second|secondary|new|only|main|real|official|verified|fan) "
    r"(account|page|profile|acc|acct|chat|line|handle)|\b(backup|reserve) (of|for)\b|my (real|other|old|main) account|"
    r"was (hacked|suspended|locked)|manage(d|ment|r)|\bagent\b|representative|on behalf|assistant to|secretary|"
    r"authori[sz]ed|\bmy (dear |lovely |beloved )?fans|for (my |the )?fans|meet (and|&) greet|customer (care|service|"
    r"support)|"
    r"help ?desk|help (centre|center)|support (team|desk|line|agent)|here to help|open a ticket|hiring|recruit|"
    r"cuenta (oficial|privada|personal|de respaldo|nueva)|mis fans|atenci[oó]n al cliente|conta (oficial|privada|"
    r"reserva|"
    r"pessoal|nova)|meus fãs|atendimento|compte (officiel|priv[ée]|perso|secondaire|de secours)|mes fans|"
    r"service client|"
    r"(privates?|offizielles?|zweites?|neues?|backup)[- ]?(konto|account|profil)|kundenservice|kundendienst|"
    r"(resmi|özel|yedek|yeni|kişisel) hesa[bp]|müşteri hizmet|официальн(ый|ая) (аккаунт|страниц)|"
    r"(личный|новый|запасной|второй) (аккаунт|профиль)|служба поддержки|حساب(ي)? (رسمي|الرسمي|خاص|الخاص|جديد|احتياطي)|"
    r"خدمة العملاء|akun (resmi|pribadi|cadangan|baru)|layanan pelanggan|公式アカウント|サブ垢|官方(账号|帳號)|客服|"
    r"공식 계정|부계정|आधिकारिक (खाता|अकाउंट)|निजी (खाता|अकाउंट)|ग्राहक सेवा"
)
# Hardly any text holds what one of them needs, so that hardly any is searched for one.
_PATTERNS = (*_LURES.values(), _SPEAKS, _OFFICE, _PARODY)
_OF_SPEAKS, _OF_OFFICE, _OF_PARODY = (1 << _PATTERNS.index(pattern) for pattern in (_SPEAKS, _OFFICE, _PARODY))

# Titles in the forms they are written in, each by the first of its line; ``canonical`` reads them as one.
_TITLES = """
ceo: chief executive officer|chief executive|consejero delegado|director ejecutivo|diretor executivo|pdg|\
geschäftsführer|\
geschäftsführerin|vorstandsvorsitzender|vorstandsvorsitzende|amministratore delegato|icra kurulu başkanı|\
генеральный директор|\
гендиректор|الرئيس التنفيذي|最高経営責任者|首席执行官|최고경영자|direktur utama
cfo: chief financial officer|director financiero|directeur financier|finanzchef|finanzvorstand|finanzchefin
cto: chief technology officer|technikvorstand
founder: co-founder|cofounder|co founder|fundador|fundadora|cofundador|cofundadora|fondateur|fondatrice|gründer|\
gründerin|fondatore|kurucu|kurucusu|основатель|основательница|مؤسس|संस्थापक|pendiri|創業者|创始人|창업자
chair: chairman|chairwoman|chairperson|chair of the board|presidente del consejo|vorsitzende|vorsitzender
president: presidente|presidenta|président|présidente|präsident|präsidentin|başkan|başkanı|cumhurbaşkanı|президент|\
رئيس|\
राष्ट्रपति|presiden|大統領|总统|대통령
mayor: alcalde|alcaldesa|prefeito|prefeita|maire|bürgermeister|bürgermeisterin|oberbürgermeister|oberbürgermeisterin|\
sindaco|sindaca|belediye başkanı|мэр|عمدة|महापौर|walikota|市長|市长|시장
governor: gov|gobernador|gobernadora|governador|governadora|gouverneur|gouverneurin|vali|губернатор|محافظ|राज्यपाल|\
gubernur
minister: ministro|ministra|ministre|ministerin|bakan|bakanı|министр|وزير|وزيرة|मंत्री|menteri|大臣|部长|장관
premier: prime minister|pm|primer ministro|primera ministra|premier ministre|première ministre|ministerpräsident|\
bundeskanzler|bundeskanzlerin|başbakan|премьер-министр|премьер министр|رئيس الوزراء|प्रधानमंत्री|perdana menteri|首相|\
总理
senator: sen|senador|senadora|sénateur|sénatrice|senatorin|senatör|сенатор|سيناتور|上院議員|참의원
deputy: member of parliament|mp|diputado|diputada|deputado|deputada|député|députée|abgeordneter|abgeordnete|\
milletvekili|\
депутат|نائب|congressman|congresswoman|congressperson|representative|rep|us rep|member of congress
director: managing director|directora|diretor|diretora|directeur|directrice|direktor|direktorin|direttore|direttrice|\
müdür|\
müdürü|директор|مدير|निदेशक|direktur|監督|导演
editor: editor-in-chief|editor in chief|redactor jefe|redactora jefa|rédacteur en chef|rédactrice en chef|\
chefredakteur|\
chefredakteurin|главный редактор|رئيس التحرير
journalist: reporter|correspondent|periodista|jornalista|journaliste|journalistin|gazeteci|журналист|журналистка|صحفي|\
पत्रकार
singer: cantante|cantora|cantor|chanteur|chanteuse|sänger|sängerin|şarkıcı|певец|певица|مغني|गायक|penyanyi|歌手|가수
actor: actress|actriz|ator|atriz|acteur|actrice|schauspieler|schauspielerin|oyuncu|актёр|актер|актриса|ممثل|अभिनेता|\
俳優|배우
spokesperson: spokesman|spokeswoman|portavoz|porta-voz|porte-parole|sprecher|sprecherin|sözcü|sözcüsü|пресс-секретарь
coach: head coach|entrenador|entrenadora|treinador|treinadora|entraîneur|trainer|trainerin|teknik direktör|тренер|\
مدرب|감독
"""
_SYNONYMS = {
    synonym: title
    for title, _, synonyms in (line.partition(": ") for line in _TITLES.strip().splitlines())
    for synonym in synonyms.split("|")
}
# The name of each title that ``canonical`` gives.
TITLES = frozenset(_SYNONYMS.values())
_TITLE = re.compile(
    r"(?<!\w)(" + "|".join(re.escape(title) for title in sorted(_SYNONYMS, key=len, reverse=True)) + r")(?!\w)"
)
_RUN = re.compile(r"\w+")
_FIRST_RUNS = frozenset(_RUN.findall(synonym)[0] for synonym in _SYNONYMS)

# Link shorteners, profiles and hosting that everybody uses: sharing one says nothing.
COMMON_HOSTS = frozenset(
    (
        "t.co bit.ly linktr.ee youtube.com youtu.be instagram.com facebook.com fb.com twitter.com x.com "
        "tiktok.com linkedin.com medium.com github.com google.com apple.com amazon.com patreon.com bsky.app "
        "mastodon.social wikipedia.org imdb.com"
    ).split()
)
# Messengers, and shorteners that hide where they lead; t.co is X's own and stands on every profile.
LURE_HOSTS = frozenset(
    (
        "t.me telegram.me telegram.org wa.me wa.link api.whatsapp.com chat.whatsapp.com whatsapp.com signal.me m.me "
        "discord.gg discord.com bit.ly tinyurl.com goo.gl cutt.ly rebrand.ly is.gd ow.ly shorturl.at rb.gy forms.gle "
        "docs.google.com cash.app paypal.me line.me viber.com wechat.com"
    ).split()
)


def declares_parody(text: str) -> bool:
    """Tell whether ``text``, in normal form, declares a parody, a fan, a commentary or a role-play account.

    Examples
    --------
    >>> declares_parody("jane roe (parody)"), declares_parody("jane roe"), declares_parody("not a fan of jane roe")
    (True, False, False)
    """
    text = without_other_fans(text)
    return bool(_possible(text) & _OF_PARODY and _PARODY.search(text))


def without_other_fans(text: str) -> str:
    """Return ``text``, in normal form, without what speaks of fans and declares no fan account.

    Examples
    --------
    >>> without_other_fans("not a fan of jane roe, for all my fans").split()
    ['of', 'jane', 'roe,', 'for']
    """
    return _NO_PARODY.sub(" ", text) if any(word in text for word in _IN_NO_PARODY) else text


def lures(text: str) -> frozenset[str]:
    """Return the kinds of lure in ``text``, in normal form: "messenger", "urges", "money", "recovery".

    Examples
    --------
    >>> sorted(lures("message me on telegram")), lures("i love messages in bottles")
    (['messenger', 'urges'], frozenset())
    """
    possible = _possible(text)
    return frozenset(
        kind for place, (kind, pattern) in enumerate(_LURES.items()) if possible >> place & 1 and pattern.search(text)
    )


def speaks_for(text: str) -> bool:
    """Tell whether ``text``, in normal form, says that it is somebody's account, or speaks for somebody.

    Examples
    --------
    >>> speaks_for("backup account of jane roe"), speaks_for("i love cats")
    (True, False)
    """
    return bool(_possible(text) & _OF_SPEAKS and _SPEAKS.search(text))


def names_operator(text: str) -> bool:
    """Tell whether ``text``, in normal form, says who runs the account.

    Examples
    --------
    >>> names_operator("run by jo bloggs, not by the mayor"), names_operator("i run every morning")
    (True, False)
    """
    return bool(_OPERATOR.search(text))


def declares_office(text: str) -> bool:
    """Tell whether ``text``, in normal form, says that this is a campaign, press, office or second account.

    Examples
    --------
    >>> declares_office("press office of jane roe"), declares_office("coffee for all")
    (True, False)
    """
    return bool(_possible(text) & _OF_OFFICE and _OFFICE.search(text))


def owner_may_say(text: str) -> bool:
    """Tell whether ``text``, in normal form, says what the owner of an account writes about another account.

    Examples
    --------
    >>> owner_may_say("my old account was hacked"), owner_may_say("i love cats")
    (True, False)
    """
    return bool(_OWNER.search(text))


def canonical(text: str) -> str:
    """Return ``text``, in normal form, with every title by one name.

    Examples
    --------
    >>> canonical("chief executive of northwind") == canonical("ceo of northwind")
    True
    """
    # Every name and bio comes by, and hardly any holds a title: looking its words up is two to three times as fast as
    # trying two hundred titles at each of them.
    if _FIRST_RUNS.isdisjoint(_RUN.findall(text)):
        return text
    return _TITLE.sub(lambda title: _SYNONYMS[title[0]], text)


def _possible(text: str) -> int:
    """Return which of ``_PATTERNS`` may match, bit i for pattern i."""
    return _triggers().possible(text)


@cache
def _triggers() -> Triggers:
    return Triggers([pattern.pattern for pattern in _PATTERNS])
