"""Decoding: foreign bytes become the pixels of a small picture, or a reason why not; never an error, never much memory.

Only PNG, JPEG, WEBP and GIF are tried, of animations the first frame. Size and dimensions are checked before anything
is decoded, and a large JPEG is decoded at a fraction of its size.

References
----------
Pillow, decompression bombs: https://pillow.readthedocs.io/en/stable/reference/Image.html#PIL.Image.open
"""

from __future__ import annotations

import io
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from classifier.errors import InputError
from classifier.pictures.outcome import UnreadPicture

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

# Platforms take avatars of 1 MB (Bluesky) to 2 MB (X, Mastodon).
BYTES_LIMIT = 5_000_000
# 4,096 by 4,096: in colours 50 MB of memory.
PIXELS_LIMIT = 2**24
# Below this PDQ has less than a pixel for a value.
SHORTEST_SIDE = 64
# A larger picture is made this small first; PDQ reads 64 by 64 values out of it.
LONGEST_SIDE = 512
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
NO_EXTRA = "reading pictures needs an extra that is not installed: pip install 'doublecheck[pictures]'"


@cache
def pillow() -> Any:
    """Return ``PIL.Image``, for which from now on too many pixels are an error.

    Raises
    ------
    InputError
        If the extra is not installed.
    """
    try:
        from PIL import Image  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise InputError(NO_EXTRA) from error
    Image.MAX_IMAGE_PIXELS = PIXELS_LIMIT
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    return Image


def decode(data: bytes) -> NDArray[np.uint8] | UnreadPicture:
    """Return the pixels of a picture, shape (height, width, 3), no side longer than ``LONGEST_SIDE``; or why not.

    Raises
    ------
    InputError
        If the extra is not installed.
    """
    image = pillow()
    if not data:
        return UnreadPicture("it is empty")
    if len(data) > BYTES_LIMIT:
        return UnreadPicture(f"larger than {BYTES_LIMIT:,} bytes")
    try:
        with image.open(io.BytesIO(data), formats=FORMATS) as picture:
            return _too_odd(picture) or _pixels(picture, image)
    except image.UnidentifiedImageError:
        return UnreadPicture(f"no {', '.join(FORMATS[:-1])} or {FORMATS[-1]}")
    except (image.DecompressionBombError, image.DecompressionBombWarning):
        return UnreadPicture(f"more than {PIXELS_LIMIT:,} pixels")
    except Exception:  # a decoder may fail in any way on bytes that somebody made for it
        return UnreadPicture("damaged or cut off")


def _too_odd(picture: Picture) -> UnreadPicture | None:
    width, height = picture.size  # once more: whoever resets the warnings takes the error above away
    if width * height > PIXELS_LIMIT:
        return UnreadPicture(f"more than {PIXELS_LIMIT:,} pixels")
    if min(width, height) < SHORTEST_SIDE:
        return UnreadPicture(f"smaller than {SHORTEST_SIDE} by {SHORTEST_SIDE} pixels")
    return None


def _pixels(picture: Picture, image: Any) -> NDArray[np.uint8]:
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), image.Resampling.BOX)
    if picture.has_transparency_data:  # shown on white
        picture = image.alpha_composite(image.new("RGBA", picture.size, "white"), picture.convert("RGBA"))
    return np.asarray(picture.convert("RGB"), np.uint8)
