"""Simulation: seeded attacks on, and genuine hard cases around, the accounts of any registry.

Each family is a function of a random generator and a protected account. Those of ``attacks`` weigh facets that are
drawn each for itself: handle, name, bio, links, picture, standing. Those of ``genuine`` stand for people whom a
moderator might mistake, around a ``population`` of names as common as names are. Where frequencies were counted stands
beside them; the shares of the families are this project's assumptions. They teach, they do not prove. What a model
makes of real accounts is measured on real accounts.
"""

from __future__ import annotations

from classifier.labels.labelled_case import LABELS, Case, Label
from classifier.simulation.attacks import ATTACKS
from classifier.simulation.genuine import GENUINE
from classifier.simulation.simulate import CASES_EACH, FAMILIES, SHARE_OF_ATTACKS, TIMES, make_case, simulate

__all__ = [
    "ATTACKS", "CASES_EACH", "FAMILIES", "GENUINE", "LABELS", "SHARE_OF_ATTACKS", "TIMES", "Case", "Label", "make_case",
    "simulate",
]  # fmt: skip
