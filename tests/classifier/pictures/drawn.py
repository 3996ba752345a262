"""Pictures that the tests draw, and what hostile people make of them."""

import io
import struct
import zipfile
import zlib

import numpy as np
from PIL import Image


def drawn(seed: int, side: int = 400) -> Image.Image:
    """A picture like no other: a few large shapes in colours."""
    rng = np.random.default_rng(seed)
    cells = Image.fromarray(rng.integers(0, 256, (12, 12, 3), np.uint8))
    return cells.resize((side, side), Image.Resampling.BICUBIC)


def saved(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def png_claiming(width: int, height: int, rows: int = 1) -> bytes:
    """A PNG whose header claims dimensions that its few bytes do not have."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    content = zlib.compress(bytes(1 + 3 * width) * rows, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", content) + chunk(b"IEND", b"")


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.png", bytes(100_000))
    return file.getvalue()


def hostile() -> dict[str, tuple[bytes, str]]:
    """What somebody sends who wants the reader to fail, each with what is said of it."""
    picture, jpeg = saved(drawn(1)), saved(drawn(1), "JPEG")
    frames = [drawn(seed, 200) for seed in range(8)]
    return {
        "nothing": (b"", "it is empty"),
        "text": (b"hello", "no PNG, JPEG, WEBP or GIF"),
        "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><image href="http://127.0.0.1/"/></svg>', "no PNG"),
        "zip": (zipped(), "no PNG"),
        "bmp": (saved(drawn(1), "BMP"), "no PNG"),
        "tiff": (saved(drawn(1), "TIFF"), "no PNG"),
        "eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "no PNG"),
        "png cut off": (picture[: len(picture) // 2], "damaged or cut off"),
        "jpeg cut off": (jpeg[: len(jpeg) // 2], "damaged or cut off"),
        "png with noise": (picture[:100] + b"\xff" * 500 + picture[600:], "damaged or cut off"),
        "bomb of many pixels": (png_claiming(50_000, 50_000), "pixels"),
        "larger than is read": (png_claiming(4_097, 4_097), "pixels"),
        "bomb of one long row": (png_claiming(2_000_000_000, 1, 0), "pixels"),
        "empty dimensions": (png_claiming(0, 0), "no PNG"),
        "too many bytes": (picture + bytes(5_000_000), "larger than 5,000,000 bytes"),
        "too small": (saved(drawn(1, 16)), "smaller than 64 by 64"),
        "thin": (saved(drawn(1).resize((4_000, 2))), "smaller than 64 by 64"),
        "flat": (saved(Image.new("RGB", (400, 400), "teal")), "too little in it"),
        "transparent": (saved(Image.new("RGBA", (400, 400), (0, 0, 0, 0))), "too little in it"),
        "animation": (saved(frames[0], "GIF", save_all=True, append_images=frames[1:]), ""),
    }
