"""Pictures: the PDQ hash of an avatar out of its bytes, at a bounded cost; nothing is ever fetched.

It may import ``classifier.errors`` and ``classifier.utils`` only. What it needs beside is the extra
``doublecheck[pictures]`` (Pillow and pdqhash), imported when the first picture is read.
"""

from classifier.pictures.decode import BYTES_LIMIT, PIXELS_LIMIT
from classifier.pictures.hashing import LEAST_QUALITY, PictureHashes, hash_base64, hash_picture
from classifier.pictures.outcome import UnreadPicture

__all__ = [
    "BYTES_LIMIT",
    "LEAST_QUALITY",
    "PIXELS_LIMIT",
    "PictureHashes",
    "UnreadPicture",
    "hash_base64",
    "hash_picture",
]
