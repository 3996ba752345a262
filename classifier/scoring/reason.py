"""A reason: why a verdict, or a refusal, is what it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a verdict is what it is: a stable code for machines, a sentence for people."""

    code: str
    text: str
