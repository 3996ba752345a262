"""Read the rule files: those that ship, and those of a directory that replace or add.

1. A file that cannot be read, or says anything unknown, is an error: a rule that nobody applies must not look applied.
2. What rules were asked is told by ``PlatformRules.version``, a digest of all of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal, get_args

from classifier.accounts.account import PLATFORM_LABELS
from classifier.errors import PlatformRuleError
from classifier.utils.canonical_json import canonical_json, sha256

LabelPosition = Literal[
    "start_of_name", "name", "bio", "both", "none", "start_of_name_and_bio", "name_or_bio", "name_or_handle",
]  # fmt: skip
LABEL_POSITIONS: tuple[LabelPosition, ...] = get_args(LabelPosition)
# The rule of every platform that has none, whose words count where a file lists none.
NONE = "none"
_REQUIRED = frozenset({"platform", "source", "label_position", "picture_must_differ", "platform_label"})
_VERSION_LETTERS = 16


@dataclass(frozen=True, slots=True, eq=False)  # the same one is the same rule, so that its patterns are made once
class PlatformRule:
    """What one platform asks of parody, fan and commentary accounts.

    Attributes
    ----------
    platform : str
        As in ``Account.platform``; "none": of every platform without a file.
    source : str
        Where the rule is published.
    label_position : one of ``LABEL_POSITIONS``
        Where a label must stand; "both" is name and bio.
    picture_must_differ : bool
        Whether the picture must be another than that of the account it is about.
    platform_label : str or None
        The platform's own label that it must bear, of ``PLATFORM_LABELS``.
    words : mapping of str to tuple of str
        Which words are a label, by language (BCP 47 primary tags).
    """

    platform: str
    source: str
    label_position: LabelPosition
    picture_must_differ: bool
    platform_label: str | None
    words: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class PlatformRules:
    """The rules of all platforms.

    Attributes
    ----------
    version : str
        The first 16 hexadecimal digits of the SHA-256 of all rules.
    """

    by_platform: Mapping[str, PlatformRule]
    version: str

    def of(self, platform: str | None) -> PlatformRule:
        """Return a platform's rule: the one of ``NONE`` where it has none, or nobody says which platform it is."""
        return self.by_platform.get(platform or NONE, self.by_platform[NONE])


@cache
def shipped_rules() -> PlatformRules:
    """Return the rules that ship.

    Examples
    --------
    >>> shipped_rules().of("x").label_position, shipped_rules().of("elsewhere").label_position
    ('start_of_name_and_bio', 'none')
    """
    return _rules(_shipped())


def read_rules(directory: Path | None = None) -> PlatformRules:
    """Return the rules that ship, with those of a directory's ``*.json`` files in their stead or beside them.

    Raises
    ------
    PlatformRuleError
        If the directory has no such file, or a file cannot be used. The message names it.
    """
    if directory is None:
        return shipped_rules()
    try:
        paths = sorted(path for path in directory.iterdir() if path.suffix == ".json")
    except OSError as error:
        raise PlatformRuleError(f"{directory} cannot be read: {error.strerror}") from None
    if not paths:
        raise PlatformRuleError(f"{directory} has no .json file: leave the setting out, or add one")
    return _rules((*_shipped(), *paths))


def _shipped() -> Iterator[Traversable]:
    return (file for file in files("classifier.platform_rules").iterdir() if file.name.endswith(".json"))


def _rules(paths: Iterable[Traversable | Path]) -> PlatformRules:
    plain: dict[str, dict[str, Any]] = {}
    for path in paths:
        read = _read(path)
        plain[read["platform"]] = read
    words = plain[NONE].get("words")
    if not words:
        raise PlatformRuleError(f'the rule file of "{NONE}" lists no words')
    rules = {name: _rule({"words": words} | read) for name, read in sorted(plain.items())}
    version = sha256(canonical_json({name: asdict(rule) for name, rule in rules.items()}))[:_VERSION_LETTERS]
    return PlatformRules(rules, version)


def _rule(plain: Mapping[str, Any]) -> PlatformRule:
    words = {language: tuple(listed) for language, listed in sorted(plain["words"].items())}
    return PlatformRule(**{**plain, "words": words})


def _read(path: Traversable | Path) -> dict[str, Any]:
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:  # a UnicodeDecodeError is a ValueError, and so is broken JSON
        raise PlatformRuleError(f"{path.name} cannot be read as JSON: {error}") from None
    if fault := _fault(plain):
        raise PlatformRuleError(f"{path.name}: {fault}")
    return dict(plain)


def _fault(plain: Any) -> str | None:
    """Return what is wrong with a file's content, ``None`` where nothing is."""
    if not isinstance(plain, dict):
        return "must be an object"
    if missing := sorted(_REQUIRED - plain.keys()):
        return f"{missing[0]} is missing"
    if unknown := sorted(plain.keys() - _REQUIRED - {"words"}):
        return f"{unknown[0]} is unknown"
    platform = plain["platform"]
    if not (isinstance(platform, str) and platform and platform == platform.strip().lower()):
        return "platform must be a name in lower case"
    if not (isinstance(plain["source"], str) and plain["source"].strip()):
        return "source must say where the rule is published"
    if plain["label_position"] not in LABEL_POSITIONS:
        return f"label_position must be one of {', '.join(LABEL_POSITIONS)}"
    if not isinstance(plain["picture_must_differ"], bool):
        return "picture_must_differ must be true or false"
    if plain["platform_label"] not in (None, *PLATFORM_LABELS):
        return f"platform_label must be null or one of {', '.join(PLATFORM_LABELS)}"
    return None if "words" not in plain or _are_words(plain["words"]) else "words must list words by language"


def _are_words(words: Any) -> bool:
    return (
        isinstance(words, dict)
        and bool(words)
        and all(isinstance(listed, list) and listed for listed in words.values())
        and all(isinstance(word, str) and word.strip() for listed in words.values() for word in listed)
    )
