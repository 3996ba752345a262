"""Name frequency: what share of people bear a given or a family name.

A plumber named like a protected person is a coincidence where many people bear that name, and worth a look where
nobody else does. English names have the frequencies of the 1990 United States census. Of 24 other languages the
commonest names have shares set by hand, and some 130 more of each kind an equal share of the rest: the order of size
is right, the digits are not. The languages are mixed as accounts of large platforms speak them, roughly.

The table is ``names/names.txt``, its sources and licences are in ``names/LICENSE``: the census is in the public domain,
the lists of Faker are under the MIT licence.

References
----------
U.S. Census Bureau, "Frequently Occurring Surnames from the 1990 Census", and first names likewise
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

from anyascii import anyascii

from classifier.text.spelling import spelled

Kind = Literal["given", "family"]
_MILLION, _HUNDRED = 1e6, 100.0


class Name(NamedTuple):
    """A name as its bearers write it and in Latin letters, and the share of its language's speakers who bear it."""

    native: str
    latin: str
    share: float


class Language(NamedTuple):
    """The names of one language, the commonest first, and its share of all accounts."""

    share: float
    given: tuple[Name, ...]
    family: tuple[Name, ...]


@cache
def languages() -> Mapping[str, Language]:
    """Return the table by language, English first; read when first asked for, in some 50 milliseconds."""
    tables: dict[str, dict[str, list[Name]]] = {}
    shares: dict[str, float] = {}
    for code, kind, share, name in _rows(files("classifier.text.names").joinpath("names.txt").read_text("utf-8")):
        shares[code] = share
        tables.setdefault(code, {}).setdefault(kind, []).append(name)
    return {
        code: Language(shares[code], tuple(kinds["given"]), tuple(kinds["family"])) for code, kinds in tables.items()
    }


def _rows(text: str) -> Iterator[tuple[str, str, float, Name]]:
    code = kind = share = ""
    for line in text.splitlines():
        if line.startswith("["):
            code, kind, share = line.strip("[]").split()
        elif not line.startswith("#"):
            millionths, _, names = line.partition(" ")
            for name in names.split("|"):
                native, _, latin = name.partition("=")
                yield (
                    code,
                    kind,
                    int(share) / _HUNDRED,
                    Name(native, latin or _latin(native), int(millionths) / _MILLION),
                )


def _latin(native: str) -> str:
    """Return a name in Latin letters; soft signs, which become apostrophes, are left out as people do."""
    return spelled(native) if spelled(native).isascii() else anyascii(native).replace("'", "")


def key(word: str) -> str:
    """Return the form under which a name is looked up: without marks and case."""
    return spelled(word).casefold()


@cache
def _shares(kind: Kind) -> dict[str, float]:
    found: dict[str, float] = {}
    for language in languages().values():
        for name in getattr(language, kind):
            # Names of other scripts are met in both: an account is named in either.
            for form in {key(name.native), key(name.latin)}:
                found[form] = found.get(form, 0.0) + language.share * name.share
    return found


def given_share(word: str) -> float:
    """Return the share of people who bear ``word`` as a given name, in [0, 1]; 0 where it is not known as such."""
    return _shares("given").get(key(word), 0.0)


def family_share(word: str) -> float:
    """Return the share of people who bear ``word`` as a family name, in [0, 1]; 0 where it is not known as such."""
    return _shares("family").get(key(word), 0.0)


def people(word: str) -> float:
    """Return the share of people who bear ``word`` as a given or family name, in [0, 1]; 0 where it is no known name.

    Parameters
    ----------
    word : str
        One word in any script; marks and case make no difference.

    Examples
    --------
    >>> people("Mary") > people("Marla") > people("Xqzv") == 0.0
    True
    >>> people("jose") == people("JOS\u00c9")
    True
    """
    return shares().get(key(word), 0.0)


@cache
def shares() -> Mapping[str, float]:
    """Return all known names, without marks and case, and the share of people who bear each: ``people``."""
    given, family = _shares("given"), _shares("family")
    return {name: given.get(name, 0.0) + family.get(name, 0.0) for name in given | family}


def is_name(word: str) -> bool:
    """Return whether ``word`` is known as a given or family name."""
    return key(word) in shares()


def is_given(word: str) -> bool:
    """Return whether ``word`` is known as a given name.

    Examples
    --------
    >>> is_given("Neil"), is_given("Nell"), is_given("Smithson")
    (True, True, False)
    """
    return key(word) in _shares("given")


def is_family(word: str) -> bool:
    """Return whether ``word`` is known as a family name.

    Examples
    --------
    >>> is_family("Garc\u00eda"), is_family("Garcia"), is_family("Northwind")
    (True, True, False)
    """
    return key(word) in _shares("family")
