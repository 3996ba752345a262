"""What a picture came to where it has no hash: why, in words for a note. It survives pickling."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnreadPicture:
    """Stands for the hash of a picture that has none.

    Attributes
    ----------
    reason : str
        What is wrong with it and what to do, without anything of its content.
    """

    reason: str

    def __str__(self) -> str:
        return f"picture not read: {self.reason}"
