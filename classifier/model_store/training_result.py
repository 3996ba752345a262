"""What a training gives: the model, and the facts that its manifest holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from classifier.model.pair_model import PairModel


@dataclass(frozen=True, slots=True)
class Training:
    """A trained model and what is to be kept about how it came to be: plain JSON values."""

    model: PairModel
    facts: Mapping[str, Any]
