"""What a feature is made of, and a conjunction of features."""

import math

import pytest

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.features import bearings, profiles
from classifier.features.feature import KINDS, conjunction

JANE = View(ProtectedAccount(platform="x", handle="HarbourBraid", display_name="Jane Quillon", followers=999))


def test_a_conjunction_takes_the_values_of_its_parts_and_compares_their_fields() -> None:
    @conjunction(bearings.handle_bears, profiles.prominence, bearings.name_bears, kind="handle", monotone=1)
    def both(handle: float, prominence: float, name: float) -> float:
        """The handle bears the name, and somebody is known.

        Nobody reads this.
        """
        return handle + 1_000.0 * prominence + (0.0 if math.isnan(name) else 1e6)

    ours = View(Account(handle="x_quillon_x"))
    assert both.compute(ours, JANE) == pytest.approx(3_000.0 + bearings.handle_bears.compute(ours, JANE))
    assert (both.name, both.explanation) == ("both", "The handle bears the name, and somebody is known")
    assert both.fields == ("handle", "display_name", "aliases", "followers")
    assert both.parts == ("handle_bears", "prominence", "name_bears")
    assert (both.kind, both.monotone) == ("handle", 1)
    assert (both.of_texts, both.of_numbers) == (None, None)
    assert both.of_values is not None


def test_what_the_protected_account_alone_tells_is_no_kind_of_evidence() -> None:
    assert "target" not in KINDS
    assert len(set(KINDS)) == len(KINDS)
