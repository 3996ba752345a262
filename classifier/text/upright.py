"""Upright: text in turned or mirrored letters as its readers read it.

A generator writes a name upside down with letters that look like others turned by half a circle, usually from its end
to its beginning; another mirrors it. Only some of these letters are seldom met elsewhere. A text that has two of them
and no letter that stands upright is read once more: every letter turned or mirrored back, from the end and from the
beginning. Single turned letters among others are read by ``normalization.STYLED``.
"""

from __future__ import annotations

# What each letter is when turned by half a circle, and when mirrored. The first of several is what generators write.
_TURNED = {
    "a": "ɐ", "b": "q", "c": "ɔ", "d": "p", "e": "ǝə", "f": "ɟ", "g": "ƃᵷ", "h": "ɥ", "i": "ᴉıi!", "j": "ɾ", "k": "ʞ",
    "l": "lןꞁʅ", "m": "ɯ", "n": "u", "o": "o", "p": "d", "q": "b", "r": "ɹ", "s": "s", "t": "ʇ", "u": "n", "v": "ʌ",
    "w": "ʍ", "x": "x", "y": "ʎ", "z": "z", "A": "∀Ɐ", "B": "ᗺꓭ", "C": "Ɔ", "D": "ᗡꓷ", "E": "Ǝ", "F": "Ⅎᖵ", "G": "⅁פ",
    "H": "H", "I": "I", "J": "ſ", "K": "⋊Ʞ", "L": "˥⅂Ꞁꓶ", "M": "W", "N": "N", "O": "O", "P": "Ԁ", "Q": "ΌὉ", "R": "ᴚꓤ",
    "S": "S", "T": "┴⊥ꓕ", "U": "∩ᑎ", "V": "ΛɅ", "W": "M", "X": "X", "Y": "⅄", "Z": "Z", "1": "Ɩ⇂", "2": "ᄅ", "3": "Ɛ",
    "4": "ㄣ", "5": "ϛ", "6": "9", "7": "ㄥ", "9": "6", ".": "˙", "_": "‾", "&": "⅋",
}  # fmt: skip
_MIRRORED = {
    "a": "ɒ", "b": "d", "c": "ɔ", "d": "b", "e": "ɘ", "f": "Ꮈꟻ", "g": "ǫϱ",
    "h": "ʜh", "i": "iį", "j": "ꞁj", "k": "ʞk", "l": "l", "m": "m", "n": "ᴎn", "o": "o",
    "p": "q", "q": "p", "r": "ɿ", "s": "ƨꙅ", "t": "ƚt", "u": "u", "v": "v", "w": "w", "x": "x",
    "y": "γy", "z": "ƹz", "A": "A", "H": "H", "I": "I", "M": "M", "O": "O", "Q": "Q", "T": "T", "U": "U", "V": "V",
    "W": "W", "X": "X", "Y": "Y", "B": "ᗺ", "C": "Ɔ", "D": "ᗡ", "E": "Ǝ",
    "F": "ꟻ", "G": "Ꭾ", "J": "Ⴑ", "K": "⋊", "L": "⅃", "N": "И", "P": "ꟼ", "R": "Я", "S": "ƧꙄ", "Z": "Ƹ",
}  # fmt: skip
# Letters that hardly any language writes.
_SELDOM = (frozenset("ɐɟƃᵷɥᴉʞꞁɹʇʌʍʎ∀ⱯᗺꓭᗡꓷℲᖵ⅁⋊Ʞ˥⅂Ꞁꓶᴚꓤ┴⊥ꓕ∩Ʌ⅄"), frozenset("ɒɘꟻᎸᴎꟼɿƨꙅϱƸ⅃ꞁ"))
# Letters that are written elsewhere too: with a seldom one they tell, alone they do not.
_AT_TIMES = (frozenset("ɔǝəɯɾɅΛ"), frozenset("ɔƧЯИǫʜƚƎᗡ"))
_EVER = _SELDOM[0] | _SELDOM[1]


def _table(shapes: dict[str, str]) -> dict[int, str]:
    return {ord(shape): letter for letter, known in shapes.items() for shape in known}


_TABLES = (_table(_TURNED), _table(_MIRRORED))


def upright(text: str) -> tuple[str, ...]:
    """Return how a text of turned or mirrored letters reads, the likeliest first; nothing for any other text.

    Examples
    --------
    >>> upright("ǝoɹ ǝuɐſ")
    ('Jane roe', 'eor enaJ')
    >>> upright("Jane Roe"), upright("Ǝva")
    ((), ())
    """
    if text.isascii() or _EVER.isdisjoint(text):
        return ()
    found: dict[str, None] = {}
    for table, seldom, at_times in zip(_TABLES, _SELDOM, _AT_TIMES, strict=True):
        if _tells(text, seldom, at_times) and _is_whole(text, table):
            found.update(dict.fromkeys(_readings(text.translate(table))))
    return tuple(found)


def _tells(text: str, seldom: frozenset[str], at_times: frozenset[str]) -> bool:
    rare = sum(char in seldom for char in text)
    return rare >= 1 and rare + sum(char in at_times for char in text) >= 2


def _is_whole(text: str, table: dict[int, str]) -> bool:
    """Tell whether the whole text is turned: no small letter stands upright, and most others are known shapes."""
    letters = [char for char in text if char.isalpha()]
    unknown = [char for char in letters if ord(char) not in table]
    return not any(char.isascii() and char.islower() for char in unknown) and len(unknown) * 5 <= len(letters)


def _readings(turned: str) -> tuple[str, str]:
    """Return it from its end and from its beginning: first as most words have their capital in front."""
    backwards = turned[::-1]
    return (turned, backwards) if _capitals(turned) > _capitals(backwards) else (backwards, turned)


def _capitals(text: str) -> int:
    return sum(word[0].isupper() for word in text.split())
