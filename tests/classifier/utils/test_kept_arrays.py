"""What is kept is what was made; whatever is wrong with it is made anew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from classifier.utils.kept_arrays import Arrays, kept


class Maker:
    """Makes arrays and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> Arrays:
        self.asked += 1
        return {"numbers": np.arange(5), "bits": np.array([0.5, np.inf])}


def same(found: Arrays) -> bool:
    made = Maker()()
    return found.keys() == made.keys() and all(
        np.array_equal(found[name], made[name]) and found[name].dtype == made[name].dtype for name in made
    )


def test_what_was_made_is_kept_for_the_next_process(tmp_path: Path) -> None:
    make = Maker()
    assert same(kept(tmp_path / "a.npz", "one", make))
    assert same(kept(tmp_path / "a.npz", "one", make))
    assert make.asked == 1
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]


def test_what_was_made_of_other_sources_is_made_anew(tmp_path: Path) -> None:
    make = Maker()
    for made_of in ("one", "other", "other", "one"):
        assert same(kept(tmp_path / "a.npz", made_of, make))
    assert make.asked == 3


@pytest.mark.parametrize("damage", ["cut", "turned", "empty", "text", "another"])
def test_what_is_damaged_is_made_anew(tmp_path: Path, damage: str) -> None:
    make, path = Maker(), tmp_path / "a.npz"
    kept(path, "one", make)
    content = path.read_bytes()
    turned = bytearray(content)
    turned[content.index(np.arange(5).tobytes())] ^= 1
    np.savez(tmp_path / "b.npz", numbers=np.arange(5))
    wrong = {"cut": content[:200], "turned": bytes(turned), "empty": b"", "text": b"no arrays",
             "another": (tmp_path / "b.npz").read_bytes()}  # fmt: skip
    path.write_bytes(wrong[damage])
    assert same(kept(path, "one", make))
    assert make.asked == 2
    assert same(kept(path, "one", make))
    assert make.asked == 2, "what replaced it is kept"


def test_where_nothing_can_be_kept_it_is_made_each_time(tmp_path: Path) -> None:
    make = Maker()
    for path in (None, None, tmp_path / "nowhere" / "a.npz"):
        assert same(kept(path, "one", make))
    assert make.asked == 3


def test_nothing_is_unpickled(tmp_path: Path) -> None:
    make = Maker()
    np.savez(tmp_path / "a.npz", made_of=np.array("one"), numbers=np.array([object()]))
    assert same(kept(tmp_path / "a.npz", "one", make))
    assert make.asked == 1
