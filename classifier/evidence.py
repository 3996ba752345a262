"""Evidence: what a feature found, in words a support agent reads, with both values kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """One compared value of a pair.

    Attributes
    ----------
    feature : str
        The feature's name.
    explanation : str
        The first line of the feature's docstring.
    value : float
        What the feature measured.
    reported, protected : str
        What was compared on either side, as text; empty where the feature looks at one side only.
    contribution : float
        How much it moves the log-odds of impersonation: above 0 for it, below 0 against it.
    """

    feature: str
    explanation: str
    value: float
    reported: str
    protected: str
    contribution: float
