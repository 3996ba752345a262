"""Which of a platform's requirements an account meets, and where a change of it fits. Pure.

1. Unknown is neither met nor missing (R8): ``met`` is ``None`` then, and nothing is offered for it.
2. Nothing is asked of, and no change offered to, a protected account, a declared secondary, an account that the
   platform says is the owner's, or one that was protected until lately (R1).
3. Nothing here is a verdict: no verdict and no approval depends on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.platform_rules.demands import DemandKind, shows_another
from classifier.platform_rules.labels import bears_label, handle_bears_label, starts_with_label
from classifier.platform_rules.rule_files import PlatformRule
from classifier.scoring import platform_says
from classifier.scoring.assessment import Assessment, Relation
from classifier.text.normalization import normal
from classifier.text.spelling import spelled

RequirementCode = Literal["label_position", "picture_same", "platform_label"]
_POSITIONS = {
    "start_of_name": "at the start of the name",
    "name": "in the name",
    "bio": "in the bio",
    "both": "in the name and in the bio",
    "start_of_name_and_bio": "at the start of the name and in the bio",
    "name_or_bio": "in the name or in the bio",
    "name_or_handle": "in the name or in the handle",
}
_Place = Literal["start", "name", "bio", "handle"]
# Where a label must stand: in all of the places, or, of these positions, in any of them.
_PLACES: dict[str, tuple[_Place, ...]] = {
    "start_of_name": ("start",),
    "name": ("name",),
    "bio": ("bio",),
    "both": ("name", "bio"),
    "start_of_name_and_bio": ("start", "bio"),
    "name_or_bio": ("name", "bio"),
    "name_or_handle": ("name", "handle"),
}
_ANY_PLACE_DOES = frozenset({"name_or_bio", "name_or_handle"})
# How ``Requirement.met`` reads in a table.
MET = {True: "met", False: "unmet", None: "unknown"}
_ASKED_OF = frozenset({"impersonation", "parody_or_fan"})


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a platform's rule asks, and whether the account meets it.

    Attributes
    ----------
    code : {"label_position", "picture_same", "platform_label"}
    met : bool or None
        ``None`` where the profile does not tell.
    text : str
        A sentence, for people.
    """

    code: RequirementCode
    met: bool | None
    text: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A change that an account could be asked for instead of what suspends it.

    Attributes
    ----------
    demands : tuple of str
        At least one kind of demand; all of them are asked for.
    why : str
        A sentence, for people.
    """

    demands: tuple[DemandKind, ...]
    why: str


def requirements(
    account: Account, target: ProtectedAccount | None, relation: Relation, rule: PlatformRule
) -> tuple[Requirement, ...]:
    """Return what a platform's rule asks of an account that plays ``target``; nothing where it plays nobody.

    Parameters
    ----------
    relation : one of ``RELATIONS``
        Only ``impersonation`` and ``parody_or_fan`` are asked anything: what is the owner's needs no label.
    """
    if target is None or relation not in _ASKED_OF:
        return ()
    return tuple(_requirements(account, target, rule))


def offer(assessment: Assessment, missing: Sequence[Requirement], rule: PlatformRule) -> Offer | None:
    """Return which change of the account fits, ``None`` where none does.

    Parameters
    ----------
    missing : sequence of Requirement
        What ``requirements`` said of the same account.
    """
    account, target = assessment.account, assessment.target
    if target is None or _is_the_owners(assessment):
        return None
    if assessment.relation == "parody_or_fan":
        return _for_parody(account, {one.code for one in missing if one.met is False}, rule)
    if account.platform is None or account.platform != target.platform:
        return None
    if assessment.relation == "same_owner":
        return Offer(
            ("declare_operator",),
            f"It may be another account of the owner of @{target.handle}: ask who runs it, and leave it be meanwhile.",
        )
    if assessment.relation == "unrelated" and _is_namesake(account, target):
        return _for_namesake(account, target, rule)
    return None


def _is_the_owners(assessment: Assessment) -> bool:
    """Tell whether it is known whose account it is: registered, declared, proved, or so until lately."""
    proved = any(one.feature == platform_says.FEATURE for one in assessment.evidence)
    return (
        assessment.relation == "is_protected"
        or assessment.declared_secondary
        or assessment.unprotected_at is not None
        or (assessment.relation == "same_owner" and proved)
    )


def _requirements(account: Account, target: ProtectedAccount, rule: PlatformRule) -> Iterator[Requirement]:
    if rule.label_position != "none":
        met, position = _is_labelled(account, rule), _POSITIONS[rule.label_position]
        said = {True: f"A label stands {position}.", False: f"A label must stand {position}."}
        unknown = f"A label must stand {position}; the profile as given does not tell."
        yield Requirement("label_position", met, said.get(met, unknown) if met is not None else unknown)
    if rule.picture_must_differ:
        met = shows_another(account, target.avatar_pdq)
        yield Requirement("picture_same", met, _PICTURE[met])
    if rule.platform_label is not None:
        # Formats that do not have the field leave it empty: that it is not there tells nothing.
        bears = True if rule.platform_label in account.platform_labels else None
        yield Requirement("platform_label", bears, _LABELLED[bears].format(rule.platform_label))


_PICTURE: dict[bool | None, str] = {
    True: "The picture is another than the protected account's.",
    False: "The picture is the protected account's: it must be another.",
    None: "The picture must be another than the protected account's; nobody gave both.",
}
_LABELLED: dict[bool | None, str] = {
    True: 'It bears the platform\'s label "{}".',
    None: 'It must bear the platform\'s label "{}"; the profile as given does not tell.',
}


def _bears(place: _Place, account: Account, rule: PlatformRule) -> bool | None:
    """Tell whether an account bears a label there; ``None`` where the profile does not tell."""
    if place == "handle":
        return handle_bears_label(View(account), rule)
    text = account.bio if place == "bio" else account.display_name
    if text is None:
        return None
    return starts_with_label(text, rule) if place == "start" else bears_label(text, rule)


def _is_labelled(account: Account, rule: PlatformRule) -> bool | None:
    found = [_bears(place, account, rule) for place in _PLACES[rule.label_position]]
    enough = rule.label_position in _ANY_PLACE_DOES
    if enough in found:
        return enough
    return None if None in found else not enough


def _for_parody(account: Account, missing: set[RequirementCode], rule: PlatformRule) -> Offer | None:
    demands: list[DemandKind] = []
    if "label_position" in missing:
        demands += _missing_labels(account, rule)
    if "picture_same" in missing:
        demands.append("other_picture")
    if not demands:
        return None
    return Offer(tuple(demands), "A parody or fan account that the platform's rule for such accounts asks to change.")


def _missing_labels(account: Account, rule: PlatformRule) -> Iterator[DemandKind]:
    places = _PLACES[rule.label_position]
    for place in places[:1] if rule.label_position in _ANY_PLACE_DOES else places:
        if _bears(place, account, rule) is False:
            yield "label_in_bio" if place == "bio" else "label_at_start"


def _is_namesake(account: Account, target: ProtectedAccount) -> bool:
    names = filter(None, (target.display_name, *target.aliases))
    return account.display_name is not None and _same_name(account.display_name) in map(_same_name, names)


def _same_name(name: str) -> str:
    return " ".join(spelled(normal(name)).casefold().split())


def _for_namesake(account: Account, target: ProtectedAccount, rule: PlatformRule) -> Offer | None:
    """Offer a sentence in the bio where it has none: nobody is asked to give up their own name."""
    if account.bio is not None and bears_label(account.bio, rule):
        return None
    return Offer(
        ("label_in_bio",),
        f"It has the name of @{target.handle} and is somebody else: a sentence in its bio would tell the two apart.",
    )
