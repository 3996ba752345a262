"""Whether names are found however their accents and marks are written: ``python -m tests.benchmarks.spelling``.

Every name is registered as its owner writes it and asked for as people type it: without accents and vowel marks, with
plain alef and yeh, io as ie, in capitals. Invented names by script; and, where ``tests.real_data`` finds them, the real
ones that have an accent (aggregates only).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.features import named
from classifier.registry.registry import Registry
from classifier.retrieval.candidate_index import CandidateIndex
from tests.real_data import DATA

_NO_MARK = {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "æ": "ae", "Æ": "AE"}
_ARABIC = str.maketrans("أإآىةؤئ", "اااي\u0647وي")


def without_marks(text: str) -> str:
    bare = unicodedata.normalize("NFD", "".join(_NO_MARK.get(char, char) for char in text))
    return "".join(char for char in bare if not unicodedata.combining(char))


# Given names, family names, and how others type them; all invented.
NAMES: dict[str, tuple[str, str, Callable[[str], str]]] = {
    "Latin": (
        "José Renée Zoë Łucja Søren Jürgen Đorđe Çağla İlknur Şule Nuño Věra Ștefana Ağır Íñigo",
        "Dolmière Kjærholt Łąkotka Quiñarte Weißgruber Öztorun Yıldızlı Ţurcanu Brânzescu Šimkovič Grønvæld Çelikdemir",
        without_marks,
    ),
    "Arabic": (
        "أحمد إلياس آمنة ليلى يحيى مصطفى هبة مؤنس",
        "الأنصاري المؤيدي الهادئ العلى القاسمي",
        lambda name: name.translate(_ARABIC),
    ),
    "Farsi": ("علی کامران یاسمین", "کمالی یزدانپور", lambda name: name.translate(str.maketrans("یک", "يك"))),
    "Hebrew": ("יוֹסֵף מִרְיָם דָּוִד", "בֶּנצוּר לוֹיְטָן", without_marks),
    "Cyrillic": ("Семён Фёдор Алёна Пётр", "Дёмушкин Королёвский Берёзкин", lambda name: re.sub("ё", "е", name)),
    "Greek": ("Αλέξης Γιώργος Ελένη", "Μώρος Παπαγιώτης", str.upper),
}


def line(kind: str, names: Sequence[str], typed: Sequence[str], others: Sequence[str] = ()) -> str:
    """Return what became of names that are asked for as ``typed``, among ``others``."""
    protected = [
        ProtectedAccount(platform="x", handle=f"u{number:06d}z", display_name=name)
        for number, name in enumerate((*names, *others))
    ]
    index = CandidateIndex(Registry(protected))
    first = found = alike = equal = 0
    for number, (name, asked) in enumerate(zip(names, typed, strict=True)):
        reported = View(Account(platform="x", handle=f"q{number * 7919 % 100_000_000}", display_name=asked))
        candidates = [one.view.account.display_name for one in index.find(reported.account)]
        first += name in candidates[:1]
        found += name in candidates
        alike += named("name_look_alike").compute(reported, View(protected[number])) == 1.0
        equal += named("name_similarity").compute(reported, View(protected[number])) == 1.0
    shares = [count / len(names) for count in (first, found, alike, equal)]
    return "{:9} {:5} names: first {:.3f}, found {:.3f}, called look-alikes {:.3f}, equal {:.3f}".format(
        kind, len(names), *shares
    )


def main() -> None:
    for kind, (given, families, typed) in NAMES.items():
        names = [f"{one} {other}" for one in given.split() for other in families.split()]
        print(line(kind, names, list(map(typed, names))))
    path = DATA / "registry" / "public_handles.csv"
    if path.exists():
        registry = Registry.load(path, now=datetime.now(UTC))[0]
        known = sorted({one.display_name for one in registry.accounts if one.display_name})
        names = [name for name in known if without_marks(name) != name]
        others = [name for name in known if without_marks(name) == name]
        print(line("real ones", names, list(map(without_marks, names)), others))


if __name__ == "__main__":
    main()
