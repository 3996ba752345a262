"""Questions: what a candidate must not do worse than the serving model, few of them, in the order of harm.

1. Of all questions the one about the greatest harm comes first: genuine accounts that would be cleared for suspension.
   Then genuine accounts that are called impersonation, by whose they are; then attacks that are not found; then
   attacks that are not found at once.
2. Each has a margin in plain numbers, and is *answered* "no worse" only where the 95 % bound of the difference is below
   it: that nothing was seen is no answer. The candidate has the burden of proof.
3. Because all must be answered so, each is tested at its full level of 5 %, however many there are (Berger). That is
   also what the fixed sequence in the order of harm gives (Westfall and Krishen): none is tested in vain before its
   turn. What is said of single slices comes after them, and takes nothing from their level.
4. Every answer says which rise would have been noticed with a probability of 80 %.

References
----------
R. L. Berger (1982), "Multiparameter hypothesis testing and acceptance sampling", Technometrics 24, 295-300
P. H. Westfall, A. Krishen (2001), "Optimally weighted, fixed sequence and gatekeeper multiple testing procedures",
Journal of Statistical Planning and Inference 99, 25-40
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from classifier.accounts.account import TIERS
from classifier.evaluation.metrics import is_attack, is_found
from classifier.promotion.paired_bootstrap import Paired
from classifier.promotion.paired_shares import HARM_LEVEL, PairedShare
from classifier.simulation import GENUINE

Said = Literal["no worse", "worse", "cannot tell"]
Flags = NDArray[np.bool_]

# Whose the genuine accounts are, by the kind of case; where a case has no kind that the simulation knows, by its label.
_OWNERS, _FANS, _OTHERS, _NAMESAKES = "same_owner", "parody_or_fan", "unrelated", "namesakes"
_CALLED = {
    _NAMESAKES: "namesakes called impersonation",
    _OWNERS: "owners' other accounts called impersonation",
    _OTHERS: "other genuine accounts called impersonation",
    _FANS: "parodies and fans called impersonation",
}
# How much worse each may be, in shares of its cases. Another seed changes up to 2.5, 2.4, 0.4, 1.0 and 1.3 points
# around 700 protected accounts (``python -m tests.benchmarks.gate --first 5``). What is found at once hangs on the luck
# of the certified threshold: 9.8 points there, 26 around 450 (``gate_refusals``, before this margin was set); it costs
# people time and nobody an account. The margin of cleared accounts is the certificate's alpha: a model that clears more
# than that beyond another breaks its own.
MARGINS = {_NAMESAKES: 0.03, _OWNERS: 0.03, _OTHERS: 0.02, _FANS: 0.03, "missed": 0.03, "below": 0.30}


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question.

    Attributes
    ----------
    question : str
    tier : str or None
        The tier that it is about, where it is about one's threshold.
    source : str
        Where the cases are from, as a phrase.
    cases, identities : int
        Cases, and protected accounts that they are around.
    serving, candidate : float
        The shares of cases in which each errs, in [0, 1].
    low, high : float
        The 95 % bounds of how much more often the candidate errs.
    margin : float
        How much more often it may.
    said : {"no worse", "worse", "cannot tell"}
        "worse" where the difference is beyond the margin and beyond chance, "cannot tell" where it may be or not.
    noticed : float or None
        The smallest true rise that would be refused with a probability of 80 %; ``None`` of too few cases.
    """

    question: str
    tier: str | None
    source: str
    cases: int
    identities: int
    serving: float
    candidate: float
    low: float
    high: float
    margin: float
    said: Said
    noticed: float | None

    def plain(self) -> dict[str, Any]:
        """Return it as plain JSON values, rounded to what is ever read."""
        return {name: round(one, 5) if isinstance(one, float) else one for name, one in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class _Question:
    text: str
    asked: Flags
    harm: str
    margin: float
    tier: str | None = None


def answers(paired: Paired, *, alpha: float) -> list[Answer]:
    """Answer every question that the cases can be asked, in the order of harm.

    Parameters
    ----------
    alpha : float
        The largest of the certificates, in (0, 1): the margin of genuine accounts cleared.
    """
    harms = _harms(paired.serving), _harms(paired.candidate)
    identities = pd.factorize(paired.serving["identity"])[0]
    found = []
    for question in _questions(paired.serving, alpha):
        who = question.asked
        share = PairedShare.of(harms[0][question.harm][who], harms[1][question.harm][who], identities[who])
        if question.tier is None or min(share.serving, share.candidate) < 1.0:  # otherwise neither has a threshold
            found.append(_answer(question, share, paired))
    return found


def _questions(results: pd.DataFrame, alpha: float) -> Iterator[_Question]:
    """Yield those that there are cases for."""
    attack, kinds = is_attack(results).to_numpy(), _kinds(results)
    everything = [
        _Question("genuine accounts cleared", ~attack, "cleared", alpha),
        *(_Question(text, ~attack & (kinds == kind), "called", MARGINS[kind]) for kind, text in _CALLED.items()),
        _Question("attacks missed", attack, "missed", MARGINS["missed"]),
        *(
            _Question(
                f"attacks of tier {tier} not found at once",
                attack & (results["tier"] == tier).to_numpy(),
                "below",
                MARGINS["below"],
                tier,
            )
            for tier in TIERS
        ),
    ]
    yield from (question for question in everything if question.asked.any())


def _answer(question: _Question, share: PairedShare, paired: Paired) -> Answer:
    low, high = share.interval()
    if not share.is_enough:
        said: Said = "cannot tell"
    elif high < question.margin:
        said = "no worse"
    else:
        said = "worse" if share.difference > question.margin and share.p_harm() <= HARM_LEVEL else "cannot tell"
    # Simulated cases refuse a doubt, because there can be as many as it takes; of given ones there are as many as are.
    noticed = share.refused_at(question.margin) if paired.simulated else share.noticed_at(question.margin)
    return Answer(
        question=question.text,
        tier=question.tier,
        source=paired.source,
        cases=share.cases,
        identities=share.identities,
        serving=share.serving,
        candidate=share.candidate,
        low=low,
        high=high,
        margin=question.margin,
        said=said,
        noticed=noticed if share.is_enough else None,
    )


def _kinds(results: pd.DataFrame) -> NDArray[np.str_]:
    by_family: Mapping[str, str] = {
        family: _NAMESAKES if make.__module__.endswith(f".{_NAMESAKES}") else label
        for family, (make, label) in GENUINE.items()
    }
    # A label that nobody else uses counts as genuine, as everywhere.
    labels = results["label"].where(results["label"].isin(list(_CALLED)), _OTHERS)
    found: NDArray[np.str_] = results["family"].map(by_family).fillna(labels).to_numpy(dtype=str)
    return found


def _harms(results: pd.DataFrame) -> dict[str, Flags]:
    flagged, above = (results[name].to_numpy(dtype=bool) for name in ("flagged", "above"))
    return {
        "cleared": flagged & above,
        "called": flagged,
        "missed": ~is_found(results).to_numpy(dtype=bool),
        "below": ~(flagged & above),
    }
