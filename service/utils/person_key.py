"""One key for all spellings of a person's name, so that people are compared as people and not as texts.

Rules, each tested:

1. Case, accents, compatibility forms (full-width letters), invisible characters, white space and letters that look
   alike make no other person of anybody. Digits count as letters only where they look like them: 0 and 1.
2. Letters of another alphabet among Latin ones stand for what they look like as they are written. In a name without
   Latin letters it is the capitals that count: they look alike in both cases.
3. Punctuation counts: "agent-1.1" is not "agent-11".
4. A key is no longer than a name may be, and is never the "*" that stands for everybody.

Names that share a key count as one person, also where they are not: that makes it stricter, never laxer, for it takes
away an approver and shares a quota. A change of the key takes a migration that makes stored keys anew.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from classifier.text.normalization import LOOK_ALIKE, scripts, skeleton, written_together
from classifier.text.spelling import spelled
from classifier.text.stream_safe import normalized

# As many as a name has; the columns of the tables are that wide.
LONGEST = 200
# A regular expression's class, without brackets, of characters that show nothing: controls, white space, format
# characters and those that Unicode calls default ignorable, and the empty Braille pattern.
INVISIBLE = (
    r"\x00-\x20\x7f-\xa0\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u1680\u17b4\u17b5"
    r"\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
_HIDDEN = re.compile(f"[{INVISIBLE}]+")
# What ``LOOK_ALIKE`` says of letters. Of its digits and signs only these are mistaken for letters in a name: with all
# of them "agent-3" would be "agent-e".
_LOOKS = {code: look for code, look in LOOK_ALIKE.items() if chr(code).isalpha() or chr(code) in "01|"}
# A look may look like something else in turn; no letter takes more steps.
_STEPS = 8
_LETTERS = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=65_536)
def person_key(name: str) -> str:
    r"""Return what all spellings of a name have in common; empty where nothing of it can be seen.

    Parameters
    ----------
    name : str
        Up to ``LONGEST`` characters.

    Returns
    -------
    str
        Up to ``LONGEST`` characters. Not meant to be read.

    Examples
    --------
    >>> person_key("Jane Roe") == person_key(" \uff2a\u0430NE\u200b  roe") == person_key("j\u00e1neroe")
    True
    >>> person_key("agent-1") == person_key("agent-2"), person_key("\u200b ")
    (False, '')
    """
    shown = _HIDDEN.sub("", normalized("NFKC", name))
    if "Latin" in scripts(shown):
        text = "".join(char.casefold() if "Latin" in scripts(char) else char for char in spelled(shown))
    else:
        text = spelled(shown.casefold()).upper()
    for _ in range(_STEPS):
        before, text = text, _look(text)
        if text == before:
            break
    key = (text or shown).replace("*", "\u2217")
    return key if len(key) <= LONGEST else hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _look(text: str) -> str:
    return spelled(_HIDDEN.sub("", skeleton(text))).casefold().translate(_LOOKS)


def fault_of(name: str) -> str:
    """Return what is wrong with a name that a key is to be made for, and what to do about it; empty if nothing is.

    Examples
    --------
    >>> fault_of("J\u0430ne")
    "mixes Cyrillic and Latin letters in 'J\u0430ne': write each word in one alphabet"
    >>> fault_of("\u5c71\u7530 \u30bf\u30ed\u30a6"), fault_of("Jane Roe")
    ('', '')
    """
    if name != name.strip() or _HIDDEN.search(name.replace(" ", "")):
        return "must have no invisible characters, no blanks around it and none but plain ones: leave them out"
    for word in _LETTERS.findall(normalized("NFC", name)):
        if not written_together(scripts(word)):
            return f"mixes {' and '.join(sorted(scripts(word)))} letters in '{word}': write each word in one alphabet"
    return ""
