"""What a model costs as data: ``python -m tests.benchmarks.stored_model`` prints bytes and milliseconds to load it.

The default model is verified and read as it ships, as JSON. Beside it the same object is read from joblib files, plain
and compressed, as models were stored before: their bytes are only unpickled, without any check.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from statistics import median

import joblib

from classifier.model_store import artifacts, shipped

RUNS = 50


def milliseconds(read: Callable[[], object]) -> float:
    """The median of several runs; the first, which imports what is needed, is not among them."""
    read()
    took = []
    for _ in range(RUNS):
        began = time.perf_counter()
        read()
        took.append(time.perf_counter() - began)
    return median(took) * 1_000


def pickled(model: object, compress: int) -> bytes:
    file = io.BytesIO()
    joblib.dump(model, file, compress=compress)
    return file.getvalue()


def main() -> None:
    model, manifest = artifacts.load(shipped.DIRECTORY, ())
    shown = milliseconds(lambda: artifacts.load(shipped.DIRECTORY, ()))
    checked = milliseconds(lambda: artifacts.verify(shipped.DIRECTORY, ()))
    names = [artifacts.MANIFEST, *manifest["files"]] if "files" in manifest else [artifacts.MANIFEST, artifacts.MODEL]
    size = sum((shipped.DIRECTORY / name).stat().st_size for name in names)
    print(f"{'':28} {'bytes':>9} {'ms':>8}")
    print(f"{'JSON, all its files':28} {size:9,} {shown:8.2f}   ({checked:.2f} of them verify it)")
    for name, compress in (("joblib", 0), ("joblib, compressed", 3)):
        content = pickled(model, compress)
        print(f"{name:28} {len(content):9,} {milliseconds(lambda found=content: joblib.load(io.BytesIO(found))):8.2f}")


if __name__ == "__main__":
    main()
