"""Where the command ``doublecheck`` begins: an interruption while its modules are being loaded ends it in one line."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any


def main() -> None:
    """Load the command line and run it."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    from service.cli import main as command  # noqa: PLC0415 - the handlers come first

    command()  # loads what was asked for, then takes the signals over


def _end(number: int, _frame: Any) -> None:
    """End at once: nothing was begun, and an exception within a half-loaded module may become another."""
    sys.stderr.write("Aborted before it began.\n")
    sys.stderr.flush()
    os._exit(128 + number)


if __name__ == "__main__":
    main()
