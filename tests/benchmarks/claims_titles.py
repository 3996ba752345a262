"""What protected people are, in eleven languages, and how somebody else would write the same."""

from __future__ import annotations

LANGUAGES = "en es pt fr de tr ru ar hi ja id".split()

# Kind of person, what the title belongs to, the title in each language (in the order above), English synonyms.
_TITLES = """
executive|company|CEO|Director ejecutivo|Diretor-executivo|PDG|Geschäftsführer|Genel Müdür|Генеральный директор|\
الرئيس التنفيذي|सीईओ|代表取締役社長|Direktur Utama|\
Chief Executive;Chief Executive Officer;C.E.O.;Founder & CEO;CEO & Chairman
executive|company|founder|Fundador|Fundador|Fondateur|Gründer|Kurucu|Основатель|مؤسس|संस्थापक|創業者|Pendiri|\
Co-founder;Cofounder;Founder and CEO;Founding partner;Creator
executive|company|CFO|Director financiero|Diretor financeiro|Directeur financier|Finanzvorstand|Mali İşler Müdürü|\
Финансовый директор|المدير المالي|मुख्य वित्तीय अधिकारी|最高財務責任者|Direktur Keuangan|\
Chief Financial Officer;Finance chief;C.F.O.;EVP & CFO
executive|company|chairman|Presidente del consejo|Presidente do conselho|Président du conseil|\
Aufsichtsratsvorsitzender|Yönetim Kurulu Başkanı|Председатель совета директоров|رئيس مجلس إدارة|अध्यक्ष|会長|\
Komisaris Utama|Chairman of the Board;Board chair;Chair;Executive Chairman
official|country|President|Presidente|Presidente|Président|Präsident|Cumhurbaşkanı|Президент|رئيس|राष्ट्रपति|大統領|\
Presiden|Mr President;Pres.;Head of State
official|country|Minister of Health|Ministro de Salud|Ministro da Saúde|Ministre de la Santé|Gesundheitsminister|\
Sağlık Bakanı|Министр здравоохранения|وزير الصحة|स्वास्थ्य मंत्री|保健大臣|Menteri Kesehatan|\
Health Minister;Hon. Minister of Health;Minister for Health;Health Secretary
official|country|Minister of Finance|Ministro de Hacienda|Ministro das Finanças|Ministre des Finances|Finanzminister|\
Maliye Bakanı|Министр финансов|وزير المالية|वित्त मंत्री|財務大臣|Menteri Keuangan|\
Finance Minister;Hon. Finance Minister;Minister for Finance;Treasury Minister
official|country|ambassador|Embajador|Embaixador|Ambassadeur|Botschafter|Büyükelçi|Посол|سفير|राजदूत|大使|Duta Besar|\
H.E. Ambassador;Amb.;Envoy
official|city|mayor|Alcalde|Prefeito|Maire|Bürgermeister|Belediye Başkanı|Мэр|عمدة|महापौर|市長|Wali Kota|\
Mayor;Hon. Mayor;Lord Mayor;City Mayor
athlete|club|striker|Delantero|Atacante|Attaquant|Stürmer|Forvet|Нападающий|مهاجم|स्ट्राइकर|フォワード|Penyerang|\
Forward;Footballer;Professional footballer;No. 9;Pro athlete
athlete|club|head coach|Entrenador|Treinador|Entraîneur|Trainer|Teknik Direktör|Главный тренер|مدرب|मुख्य कोच|監督|\
Pelatih|Coach;Manager;Football manager;HC
journalist|outlet|journalist|Periodista|Jornalista|Journaliste|Journalist|Gazeteci|Журналист|صحفي|पत्रकार|記者|Jurnalis|\
Reporter;Correspondent;Senior reporter;Staff writer;Political correspondent
journalist|outlet|presenter|Presentador|Apresentador|Présentateur|Moderator|Sunucu|Ведущий|مذيع|प्रस्तुतकर्ता|アナウンサー|\
Pembawa Acara|Anchor;TV host;News anchor;Host
star||singer|Cantante|Cantora|Chanteur|Sänger|Şarkıcı|Певец|مطرب|गायक|歌手|Penyanyi|\
Recording artist;Singer-songwriter;Musician;Vocalist;Artist
star||actor|Actor|Ator|Acteur|Schauspieler|Oyuncu|Актёр|ممثل|अभिनेता|俳優|Aktor|Actor & producer;Film actor;Movie star
star||writer|Escritor|Escritor|Écrivain|Schriftsteller|Yazar|Писатель|كاتب|लेखक|作家|Penulis|\
Author;Novelist;Bestselling author
scholar|university|professor|Profesor|Professor|Professeur|Professorin|Profesör|Профессор|أستاذ|प्रोफ़ेसर|教授|Guru Besar|\
Prof.;Full professor;Chair professor
cleric|church|pastor|Pastor|Pastor|Pasteur|Pfarrer|Rahip|Пастор|قس|पादरी|牧師|Pendeta|\
Senior Pastor;Rev.;Lead pastor
soldier|country|General|General|General|Général|General|Orgeneral|Генерал|فريق أول|जनरल|将軍|Jenderal|\
Gen.;4-star General;Army General;Commanding General
"""
TITLES: dict[str, tuple[str, str, tuple[str, ...], tuple[str, ...]]] = {}
for _line in _TITLES.strip().splitlines():
    _kind, _place, *_words, _synonyms = _line.split("|")
    TITLES[_words[0]] = (_kind, _place, tuple(_words), (_words[0], *_synonyms.split(";")))

# A title {t} and what it belongs to {o}: the plain form a registry has, then what others write; {a}: {o} as one word.
ROLE_FORMS = {
    "en": "{t} of {o}|{t} @{a}|{t}, {o}|{t} – {o}|{t} at {o}|{t} | {o}|{o} {t}|{t} @ {o}|{t}/{o}|{t} for {o}|{t} · {o}",
    "es": "{t} de {o}|{t}, {o}|{t} en {o}|{t} @{a}",
    "pt": "{t} da {o}|{t}, {o}|{t} na {o}|{t} – {o}",
    "fr": "{t} de {o}|{t} chez {o}|{t}, {o}|{t} @{a}",
    "de": "{t} von {o}|{t} bei {o}|{t}, {o}|{t} der {o}",
    "tr": "{o} {t}|{t}, {o}|{o} - {t}",
    "ru": "{t} {o}|{t}, {o}|{o}, {t}|{t} компании {o}",
    "ar": "{t} {o}|{t} في {o}|{o} - {t}",
    "hi": "{o} के {t}|{t}, {o}|{o} | {t}",
    "ja": "{o} {t}|{o}の{t}|{t} / {o}",
    "id": "{t} {o}|{t} di {o}|{t}, {o}",
}
HONORIFICS = {
    "en": "Mr. |Dr. |Sir |Hon. |Rev. |Prof. |H.E. ",
    "es": "Sr. |Dr. |Lic. |Don ",
    "pt": "Sr. |Dr. |Exmo. ",
    "fr": "M. |Dr |Mme ",
    "de": "Dr. |Herr |Prof. Dr. ",
    "tr": "Sayın |Dr. |Av. ",
    "ru": "Г-н |Д-р ",
    "ar": "د. |السيد |الأستاذ ",
    "hi": "श्री |डॉ. ",
    "ja": "公式 |Dr. ",
    "id": "Bapak |Dr. |Ust. ",
}
ORGANISATIONS = (
    "bank|airline|newspaper|football club|university|charity|crypto exchange|online shop|insurance company|"
    "mobile operator|political party|broadcaster|parcel service|games studio|grocery chain"
).split("|")
