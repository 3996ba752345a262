"""Train the default model anew and put it, and its digest, into the package: for maintainers.

    python -m tests.ship_default_model

Needed whenever features, simulation or training change. Use the versions of ``requirements.lock``: the manifest names
them. Afterwards ``pytest tests/classifier/model_store/test_shipped.py`` checks what is shipped.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from classifier.model_store import artifacts, shipped
from classifier.model_store.training_result import Training
from classifier.reports.model_card import cards
from classifier.training.train import train
from classifier.utils.canonical_json import sha256

AGAIN = "ship the default model again: python -m tests.ship_default_model"
_PINNED = re.compile(r'^DEFAULT_MODEL = "[0-9a-f]{64}"$', re.MULTILINE)


def made(directory: Path, training: Training) -> str:
    """Write the files that ship, of which none is a signature, into an empty directory; return the digest to pin."""
    artifacts.write(directory, training.model, training.facts, Ed25519PrivateKey.generate(), documents=cards)
    (directory / artifacts.SIGNATURE).unlink()  # the digest in the code stands for it
    return sha256((directory / artifacts.MANIFEST).read_bytes())


def ship(training: Training) -> str:
    """Replace the shipped files and the digest in the code; return the digest."""
    with tempfile.TemporaryDirectory() as temporary:
        digest = made(Path(temporary), training)
        shutil.rmtree(shipped.DIRECTORY, ignore_errors=True)
        shutil.copytree(temporary, shipped.DIRECTORY)
        shipped.DIRECTORY.chmod(0o755)
    code = Path(shipped.__file__)
    text, replaced = _PINNED.subn(f'DEFAULT_MODEL = "{digest}"', code.read_text(encoding="utf-8"))
    if replaced != 1:
        raise SystemExit(f"{code.name} pins no digest in a line of its own: DEFAULT_MODEL = ...")
    code.write_text(text, encoding="utf-8")
    return digest


if __name__ == "__main__":
    print(f"shipped model {ship(train(progress=sys.stderr.isatty()))[:16]}")
