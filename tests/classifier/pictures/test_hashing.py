import base64
import builtins
import os
import resource
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from classifier.errors import InputError
from classifier.pictures import PictureHashes, UnreadPicture, hash_base64, hash_picture
from classifier.pictures.decode import PIXELS_LIMIT
from tests.classifier.pictures.drawn import drawn, hostile, png_claiming, saved

MATCH = 31  # bits of 256 within which PDQ's authors call two pictures one
HOSTILE = hostile()


def bits_apart(one: str | UnreadPicture, other: str | UnreadPicture) -> int:
    assert isinstance(one, str)
    assert isinstance(other, str)
    return (int(one, 16) ^ int(other, 16)).bit_count()


def test_a_hash_is_64_hexadecimal_digits_as_the_columns_want_them() -> None:
    found = hash_picture(saved(drawn(1)))
    assert isinstance(found, str)
    assert len(found) == 64
    assert int(found, 16) >= 0
    assert found == found.lower()


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    ("kind", "options", "side"),
    [
        ("JPEG", {"quality": 60}, 400),
        ("WEBP", {"quality": 60}, 400),
        ("JPEG", {}, 128),
        ("PNG", {}, 1_500),
        ("GIF", {}, 400),
    ],
)
def test_a_picture_that_is_saved_anew_matches_and_no_other_does(
    seed: int, kind: str, options: dict[str, Any], side: int
) -> None:
    known = hash_picture(saved(drawn(seed)))
    copied = drawn(seed).resize((side, side), Image.Resampling.LANCZOS)
    assert bits_apart(known, hash_picture(saved(copied, kind, **options))) <= MATCH
    assert bits_apart(known, hash_picture(saved(drawn(seed + 100), kind, **options))) > 2 * MATCH


def test_of_an_animation_the_first_frame_is_read() -> None:
    frames = [drawn(seed) for seed in range(3)]
    moving = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert bits_apart(hash_picture(moving), hash_picture(saved(frames[0]))) <= MATCH


def test_what_is_transparent_is_shown_on_white() -> None:
    seen = drawn(1).convert("RGBA")
    seen.putalpha(Image.fromarray(np.tile(np.arange(400) % 256, (400, 1)).astype(np.uint8)))
    white = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("RGB")
    assert bits_apart(hash_picture(saved(seen)), hash_picture(saved(white))) == 0


@pytest.mark.parametrize(("data", "reason"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_picture_costs_little_and_is_a_reason_or_a_hash(data: bytes, reason: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF)
    found = hash_picture(data)
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert after.ru_utime - before.ru_utime < 2.0
    assert after.ru_maxrss - before.ru_maxrss < 200_000  # kilobytes
    if reason:
        assert isinstance(found, UnreadPicture)
        assert reason in found.reason
        assert str(found).startswith("picture not read: ")
    else:
        assert isinstance(found, str)


def test_the_largest_picture_that_is_read_costs_bounded_time_and_memory() -> None:
    side = int(PIXELS_LIMIT**0.5)
    start = resource.getrusage(resource.RUSAGE_SELF)
    assert isinstance(hash_picture(png_claiming(side, side, side)), UnreadPicture)  # black, so flat
    end = resource.getrusage(resource.RUSAGE_SELF)
    assert end.ru_utime - start.ru_utime < 3.0
    assert end.ru_maxrss - start.ru_maxrss < 300_000


@pytest.mark.parametrize("seed", range(40))
def test_no_damage_is_more_than_a_reason(seed: int) -> None:
    rng = np.random.default_rng(seed)
    kind = ("PNG", "JPEG", "WEBP", "GIF")[seed % 4]
    data = bytearray(saved(drawn(seed % 8, 80), kind))
    for place in rng.integers(0, len(data), size=rng.integers(1, 30)):
        data[place] = rng.integers(0, 256)
    found = hash_picture(bytes(data))
    assert isinstance(found, str | UnreadPicture)


def test_base64_with_and_without_a_data_address() -> None:
    data = saved(drawn(1))
    text = base64.b64encode(data).decode()
    assert hash_base64(text) == hash_base64(f"data:image/png;base64,{text}") == hash_picture(data)


@pytest.mark.parametrize("text", ["", "no base64!", "https://pictures.example/a.png", "\ud800", "data:image/png"])
def test_what_is_no_base64_is_a_reason(text: str) -> None:
    assert isinstance(hash_base64(text), UnreadPicture)


def test_too_much_base64_is_not_decoded() -> None:
    assert hash_base64("A" * 10_000_000) == UnreadPicture("larger than 5,000,000 bytes")


def test_files_are_hashed_once_by_their_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(saved(drawn(1)))
    (tmp_path / "c.png").write_bytes(saved(drawn(2)))
    calls: list[int] = []
    known = hash_picture

    def counted(data: bytes) -> str | UnreadPicture:
        calls.append(len(data))
        return known(data)

    monkeypatch.setattr("classifier.pictures.hashing.hash_picture", counted)
    pictures = PictureHashes(tmp_path)
    found = [pictures.of(name) for name in ("a.png", "b.png", "c.png", "a.png")]
    assert found[0] == found[1] == found[3] != found[2]
    assert len(calls) == 2


def test_no_name_leads_out_of_the_directory_or_to_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "outside.png").write_bytes(saved(drawn(1)))
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.png").symlink_to(tmp_path / "outside.png")
    (inside / "circle").symlink_to(inside / "circle")
    os.mkfifo(inside / "pipe")
    pictures = PictureHashes(inside)
    names: list[object] = [
        "../outside.png", str(tmp_path / "outside.png"), "link.png", "pipe", "circle", ".", "missing.png", "\0", 7,
        "x" * 5_000,
    ]  # fmt: skip
    start = time.perf_counter()
    assert all(isinstance(pictures.of(name), UnreadPicture) for name in names)
    assert time.perf_counter() - start < 2.0


@pytest.mark.parametrize("missing", ["PIL", "pdqhash"])
def test_without_the_extra_the_message_names_it(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known = builtins.__import__

    def without(name: str, *args: Any, **options: Any) -> Any:
        if name.partition(".")[0] == missing:
            raise ModuleNotFoundError(name)
        return known(name, *args, **options)

    data = saved(drawn(1))
    monkeypatch.setattr(builtins, "__import__", without)
    from classifier.pictures import decode  # noqa: PLC0415

    decode.pillow.cache_clear()
    with pytest.raises(InputError, match=r"doublecheck\[pictures\]"):
        hash_picture(data)
