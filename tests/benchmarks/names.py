"""People of many locales, drawn from word lists: their names as they show them, and in the Latin letters of a handle.

Nobody here exists: given names and surnames are real words, their combinations are drawn. Names show what registries
show: namesakes, second surnames, middle initials, patronymics, degrees, scripts other than Latin, people of such
scripts who write themselves in Latin.

References
----------
Faker's word lists: https://github.com/joke2k/faker
"""

from __future__ import annotations

import importlib
import itertools
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from anyascii import anyascii
from numpy.typing import NDArray

# How a locale writes its people, then its codes in Faker and their share of the people, not normalised.
LOCALES = {
    "english": "en_US 13 en_GB 7 en_IE 2 en_NZ 2 en_KE 2 zu_ZA 2 yo_NG 2 tw_GH 1",
    "plain": "en_IN 5 en_PK 3 fr_FR 3 fr_CA 2 de_DE 4 de_CH 2 it_IT 3 nl_NL 3 nl_BE 1 sv_SE 2 no_NO 1 da_DK 1 fi_FI 1 "
    "pl_PL 3 cs_CZ 2 sk_SK 1 ro_RO 1 hr_HR 1 sl_SI 1 lv_LV 1 et_EE 1 tr_TR 3 az_AZ 1 id_ID 4 is_IS 1 el_GR 2 bg_BG 2 "
    "mk_MK 1 hy_AM 1 ka_GE 1 ar_AA 5 fa_IR 2 he_IL 2 hi_IN 3 ne_NP 2 bn_BD 1 ta_IN 2 th_TH 3",
    "two surnames": "es_ES 3 es_MX 3 es_CO 3 es_AR 2 pt_BR 5 pt_PT 1",
    "patronymic": "ru_RU 6 uk_UA 3",
    "family first": "hu_HU 1",
    "vietnamese": "vi_VN 1",
    "joined": "ja_JP 5 ko_KR 2 zh_CN 4 zh_TW 2",
}
# Up to which draw from 0 to 1 a form is taken: g given, s a second given, f family, o a second family, m the locale's
# middle name, g1 and s1 initials, d a degree.
_FORMS = {
    style: tuple((float(part.split(":")[0]), part.split(":")[1].strip()) for part in line.split(";"))
    for style, line in {
        "english": ".09: {g} {s1}. {f}; .14: {g} {s} {f}; .17: {g} {f}-{o}; .19: {g} {f} {d}; .20: Dr. {g} {f}; "
        ".21: {g1}. {s1}. {f}; .22: {g} {s1}. {f} {d}; .23: {g1}. {f}; 1: {g} {f}",
        "plain": ".05: {g} {s} {f}; .08: {g} {f}-{o}; .10: {g} {f} {o}; .12: Dr. {g} {f}; .13: {f} {g}; "
        ".14: {g} {s1}. {f}; .15: {g}-{s} {f}; .16: {g}; 1: {g} {f}",
        "two surnames": ".35: {g} {f} {o}; .47: {g} {s} {f}; .52: {g} {s} {f} {o}; .54: {g}; 1: {g} {f}",
        "patronymic": ".12: {g} {m} {f}; .20: {f} {g}; .23: {f} {g} {m}; .24: {g1}. {f}; 1: {g} {f}",
        "family first": ".15: {f} {g} {s}; .23: {f}-{o} {g}; .26: Dr. {f} {g}; 1: {f} {g}",
        "vietnamese": ".35: {f} {m} {s} {g}; .70: {f} {m} {g}; .80: {g} {f}; 1: {f} {s} {g}",
        "joined": ".25: {f} {g}; .26: {g}; 1: {f}{g}",
    }.items()
}
_IN_LATIN, _IN_BOTH = 0.22, 0.03  # share of those of another script who write themselves in Latin, or in both
_DEGREES = ("Jr.", "Sr.", "PhD", "MD", "III", "II", "MP", "MBA", "Esq.")
_FLOURISHES = ("{} 🌻|{} 🎸|✨ {} ✨|{} 🏳️‍🌈|{} - Author|{} (she/her)|{} ⚽️|{} 📚|{} #StayKind|{} 🇪🇺").split("|")

_JAPANESE_SURNAMES = (
    "山yama 中naka 高taka 松matsu 大o 小ko 西nishi 北kita 南minami 上ue 竹take 石ishi 森mori 岩iwa 黒kuro 白shira "
    "青ao 吉yoshi 藤fuji 杉sugi 福fuku 長naga 水mizu 前mae 宮miya 安yasu 平hira 荒ara 秋aki 浅asa 今ima 丸maru 横yoko",
    "田da 本moto 川kawa 口guchi 村mura 井i 野no 島shima 崎saki 沢sawa 原hara 下shita 谷tani 木ki 林bayashi 橋hashi "
    "瀬se 尾o 岡oka 内uchi 場ba 塚tsuka",
)
_JAPANESE_GIVEN = (
    "大dai 健ken 直nao 和kazu 正masa 智tomo 真ma 悠yu 隆taka 美mi 優yu 裕hiro 秀hide 明aki 由yu 千chi 里ri 奈na 紗sa",
    "子ko 美mi 太ta 也ya 人to 之yuki 樹ki 介suke 郎ro 香ka 奈na 恵e 斗to 司shi 平hei 代yo 哉ya 里ri 緒o 音ne",
)
_KOREAN_SURNAMES = (
    "김Kim 이Lee 박Park 최Choi 정Jung 조Cho 강Kang 윤Yoon 임Lim 오Oh 신Shin 권Kwon 황Hwang 안Ahn 류Ryu 고Ko 문Moon"
)


@dataclass(frozen=True, slots=True)
class Words:
    """Words, what they are in Latin letters, and how often each is drawn."""

    words: list[str]
    latin: list[str]
    cumulative: NDArray[np.float64]

    def draw(self, rng: np.random.Generator, count: int) -> tuple[list[str], list[str]]:
        """Return drawn words, and the same words in Latin letters."""
        picked = np.searchsorted(self.cumulative, rng.random(count)).clip(max=len(self.words) - 1).tolist()
        return [self.words[i] for i in picked], [self.latin[i] for i in picked]


@dataclass(frozen=True, slots=True)
class Pool:
    """What the men, or the women, of one locale are drawn from; its organisations take their names from it too."""

    style: str
    share: float
    given: Words
    family: Words
    middle: Words
    company_suffixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """Drawn accounts before they have handles: the name shown, and its two parts in Latin letters."""

    shown: list[str]
    given: list[str]
    family: list[str]


@cache
def locale_pools() -> tuple[Pool, ...]:
    """Return the pools of all locales, two for each."""
    return tuple(
        _pool(style, code, sex, float(share))
        for style, line in LOCALES.items()
        for code, share in zip(line.split()[::2], line.split()[1::2], strict=True)
        for sex in ("male", "female")
    )


def draw_people(pool: Pool, rng: np.random.Generator, count: int) -> Named:
    """Return so many people of one pool."""
    sources = (pool.given, pool.given, pool.family, pool.family, pool.middle)
    own, latin = zip(*(source.draw(rng, count) for source in sources), strict=True)
    form, script, flourish = rng.random((3, count)).tolist()
    others = list(map(_person, ["plain" if pool.style == "joined" else pool.style] * count, *latin, form))
    shown = map(_in_script, map(_person, [pool.style] * count, *own, form), others, script)
    return Named(list(map(_with_flourish, shown, flourish)), latin[0], latin[2])


def latin_name(name: str) -> str:
    """Return a name in the Latin letters its owner would use.

    Examples
    --------
    >>> latin_name("김민준"), latin_name("山田健太"), latin_name("Юлия Гусева")
    ('Kim Minjun', 'Yamada Kenta', 'Yuliya Guseva')
    """
    return " ".join(word for part in name.split() for word in _latin_words(part))


def company_words(code: str) -> Any:
    """Return Faker's class of company words for a locale, or the one in English."""
    return _faker("company", code) or _faker("company", "en_US")


def _faker(kind: str, code: str) -> Any:
    try:
        return importlib.import_module(f"faker.providers.{kind}.{code}").Provider
    except ModuleNotFoundError:
        return None


def _pool(style: str, code: str, sex: str, share: float) -> Pool:
    source = _faker("person", code)
    given = _listed(source, f"first_names_{sex}", "first_names")
    family = _listed(source, f"last_names_{sex}", "unisex_last_names", "last_names")
    middle = _listed(source, f"middle_names_{sex}", "middle_names", "first_names")
    table = _romanised(code)
    if code == "is_IS":
        family = dict.fromkeys(
            word + {"male": "son", "female": "dóttir"}[sex] for word in source.last_names_without_suffix
        )
    elif code == "ja_JP":
        given = dict.fromkeys(_japanese_given())
        family = dict.fromkeys(word for word in table if word not in given)
    elif code in ("zh_CN", "zh_TW", "ko_KR"):
        given = dict.fromkeys([*given, *_composed(given)])
    elif code == "vi_VN":
        given = dict.fromkeys([*given, *source.first_names_unisex])
    suffixes = tuple(str(word) for word in company_words(code).company_suffixes if word)
    return Pool(style, share, _words(given, table), _words(family, table), _words(middle, table), suffixes)


def _listed(source: Any, *names: str) -> Mapping[str, Any]:
    """Return the first of the lists that there is, as words with their frequency, or without one."""
    for name in names:
        value = getattr(source, name, None)
        if isinstance(value, Mapping):
            return value
        if isinstance(value, Sequence):
            return dict.fromkeys(value)
    raise LookupError(names)


def _words(source: Mapping[str, Any], table: Mapping[str, str]) -> Words:
    words = sorted(source, key=lambda word: zlib.crc32(word.encode()))  # where no frequency is known, the order is one
    weights = (np.arange(len(words)) + 15) ** -0.5
    if any(source.values()):
        weights = np.array([float(source[word]) for word in words]) ** 0.5
    return Words(words, [table.get(word) or _latin(word) for word in words], np.cumsum(weights / weights.sum()))


def _latin(word: str) -> str:
    """Return a word in Latin letters, with the vowels that some scripts leave out for most of the words."""
    plain, number = anyascii(word), zlib.crc32(word.encode())
    if plain == word:
        return word
    if "\u0370" <= word[0] <= "\u03ff":
        plain = plain.replace("oy", "ou")
    if "\u0590" <= word[0] <= "\u0e7f" and number % 10 < 7:
        vowel = "a" if word[0] >= "\u0900" else "aaeio"[number % 5]
        plain = re.sub(r"(?<=[bcdfghjklmnpqrstvwxz])(?=(?!h)[bcdfghjklmnpqrstvwxyz])", vowel, plain.lower())
    plain = re.sub(r"[^A-Za-z -]", "", plain).strip() or "X"
    return plain if word[0] < "\u0370" else " ".join(part.capitalize() for part in plain.split())


@cache
def _romanised(code: str) -> Mapping[str, str]:
    """Return how words of a locale are customarily written in Latin letters, where letter by letter would be wrong."""
    if code == "ko_KR":
        return {pair[0]: pair[1:] for pair in _KOREAN_SURNAMES.split()}
    if code == "ja_JP":
        listed = {kanji: latin for kanji, _, latin in _faker("person", code).last_name_pairs}
        return {**_joined(_JAPANESE_SURNAMES), **listed, **_japanese_given()}
    return {}


@cache
def _japanese_given() -> Mapping[str, str]:
    """Return Japanese given names, in kanji and some in kana, with their Latin form."""
    listed = _faker("person", "ja_JP").first_name_pairs
    kana = {kana: latin for _, kana, latin in listed}
    soft = {"".join(chr(ord(sign) - 0x60) if sign <= "ヴ" else sign for sign in word): kana[word] for word in kana}
    return {**_joined(_JAPANESE_GIVEN), **{kanji: latin for kanji, _, latin in listed}, **kana, **soft}


def _joined(tables: tuple[str, str]) -> dict[str, str]:
    halves = [[(part[0], part[1:]) for part in table.split()] for table in tables]
    pairs = itertools.product(*halves)
    return {first + second: (start + end).capitalize() for (first, start), (second, end) in pairs if first != second}


def _composed(given: Iterable[str]) -> list[str]:
    """Return names of two signs made of the signs the listed names have in that place: how such names are made."""
    pairs = sorted(word for word in given if len(word) == 2)
    firsts, seconds = sorted({word[0] for word in pairs}), sorted({word[1] for word in pairs})
    return [first + second for first in firsts for second in seconds if first != second]


def _latin_words(word: str) -> list[str]:
    """Return the words of a name written in one: a family and a given name where the script is one that joins them."""
    korean = all("가" <= sign <= "힣" for sign in word)
    for table in (_romanised("ja_JP"), _romanised("ko_KR") if korean else {}):
        for cut in range(1, len(word)):
            family, given = word[:cut], word[cut:]
            if family in table and (given in table or korean):
                return [table[family], table.get(given) or _latin(given)]
        if word in table:
            return [table[word]]
    if len(word) > 1 and (korean or all("一" <= sign <= "鿿" for sign in word)):
        return [_latin(word[0]), _latin(word[1:])]
    return _latin(word).split()


def _person(style: str, given: str, second: str, family: str, other: str, middle: str, roll: float) -> str:
    """Return a name in its locale's order, most often the given and the family name alone."""
    form = next(form for limit, form in _FORMS[style] if roll < limit)
    degree = _DEGREES[int(roll * 1e6) % len(_DEGREES)]
    return form.format(g=given, s=second, g1=given[0], s1=second[0], f=family, o=other, m=middle, d=degree)


def _in_script(shown: str, latin: str, roll: float) -> str:
    """Return the name as its owner writes it: in their own script, in Latin, or in both."""
    if roll > _IN_LATIN + _IN_BOTH or shown == latin:
        return shown
    return latin if roll < _IN_LATIN else f"{shown} ({latin})"


def _with_flourish(name: str, roll: float) -> str:
    """Return the name, rarely with an emoji or a word, or in one case."""
    if roll < 0.02:
        return _FLOURISHES[int(roll * 1e6) % len(_FLOURISHES)].format(name)
    if roll < 0.05:
        return name.lower() if roll < 0.04 else name.upper()
    return name
