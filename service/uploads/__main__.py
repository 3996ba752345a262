"""Scores one upload in a process of its own, which gives way to the service from its first moment on."""

from __future__ import annotations

import os

if __name__ == "__main__":
    os.nice(19)
    from service.uploads.worker import main

    main()
