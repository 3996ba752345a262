"""Simulation: seeded attacks on, and genuine hard cases around, the accounts of any registry.

Each family is one short function of a random generator and a protected account, in ``attacks`` and ``genuine``. The
families, their shares and numbers are this project's assumptions, written from public reports of impersonation; they
teach, they do not prove. What a model makes of real accounts is measured on real accounts.
"""

from __future__ import annotations

from classifier.labels.labelled_case import LABELS, Case, Label
from classifier.simulation.attacks import ATTACKS
from classifier.simulation.genuine import GENUINE
from classifier.simulation.simulate import CASES_EACH, FAMILIES, TIMES, make_case, simulate

__all__ = ["ATTACKS", "CASES_EACH", "FAMILIES", "GENUINE", "LABELS", "TIMES", "Case", "Label", "make_case", "simulate"]
