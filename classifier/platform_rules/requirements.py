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
from classifier.platform_rules.labels import bears_label, handle_bears_label, starts_with_label
from classifier.platform_rules.rule_files import PlatformRule
from classifier.scoring import platform_says
from classifier.scoring.assessment import Assessment, Relation
from classifier.scoring.same_account import same_picture
from classifier.text.normalization import normal
from classifier.text.spelling import spelled

RequirementCode = Literal["label_position", "picture_same", "platform_label"]
OfferedDemand = Literal["label_at_start", "label_in_bio", "other_picture", "declare_operator"]
_POSITIONS = {
    "start_of_name": "at the start of the name",
    "name": "in the name",
    "bio": "in the bio",
    "both": "in the name and in the bio",
    "start_of_name_and_bio": "at the start of the name and in the bio",
    "name_or_bio": "in the name or in the bio",
    "name_or_handle": "in the name or in the handle",
}
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

    demands: tuple[OfferedDemand, ...]
    why: str


@dataclass(frozen=True, slots=True)
class _Labels:
    """Where an account bears a label; ``None`` where the profile does not tell."""

    start: bool | None
    name: bool | None
    bio: bool | None
    handle: bool

    def met(self, position: str) -> bool | None:
        if position == "start_of_name_and_bio":
            return _both(self.start, self.bio)
        if position == "both":
            return _both(self.name, self.bio)
        if position == "name_or_bio":
            return _either(self.name, self.bio)
        if position == "name_or_handle":
            return _either(self.name, self.handle)
        return {"start_of_name": self.start, "name": self.name, "bio": self.bio}[position]


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
        met, position = _labels(account, rule).met(rule.label_position), _POSITIONS[rule.label_position]
        said = {True: f"A label stands {position}.", False: f"A label must stand {position}."}
        unknown = f"A label must stand {position}; the profile as given does not tell."
        yield Requirement("label_position", met, said.get(met, unknown) if met is not None else unknown)
    if rule.picture_must_differ:
        met = _has_other_picture(account, target)
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


def _labels(account: Account, rule: PlatformRule) -> _Labels:
    name, bio = account.display_name, account.bio
    return _Labels(
        start=None if name is None else starts_with_label(name, rule),
        name=None if name is None else bears_label(name, rule),
        bio=None if bio is None else bears_label(bio, rule),
        handle=handle_bears_label(View(account), rule),
    )


def _both(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _either(one: bool | None, other: bool | None) -> bool | None:
    if one or other:
        return True
    return None if one is None or other is None else False


def _has_other_picture(account: Account, target: ProtectedAccount) -> bool | None:
    if account.default_avatar:
        return True
    if account.avatar_pdq is None or target.avatar_pdq is None:
        return None
    return not same_picture(int(account.avatar_pdq, 16), int(target.avatar_pdq, 16))


def _for_parody(account: Account, missing: set[RequirementCode], rule: PlatformRule) -> Offer | None:
    demands: list[OfferedDemand] = []
    if "label_position" in missing:
        demands += _missing_labels(_labels(account, rule), rule)
    if "picture_same" in missing:
        demands.append("other_picture")
    if not demands:
        return None
    return Offer(tuple(demands), "A parody or fan account that the platform's rule for such accounts asks to change.")


def _missing_labels(labels: _Labels, rule: PlatformRule) -> Iterator[OfferedDemand]:
    position = rule.label_position
    at_start = labels.start if position.startswith("start_of_name") else labels.name
    if at_start is False and position != "bio":
        yield "label_at_start"
    if labels.bio is False and position in ("bio", "both", "start_of_name_and_bio"):
        yield "label_in_bio"


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
