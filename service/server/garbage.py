"""Collections of cyclic garbage that hold no check up.

Python looks through all objects again and again, also through those that stay as long as the process: lists of words,
the registry, the model. With 100,000 protected accounts that stopped every answer for a quarter of a second and more,
and took a tenth of the time (``python -m tests.benchmarks.garbage``). What exists when serving begins is therefore left
out (``gc.freeze``), and the oldest of the rest are looked through rarely. Objects without cycles are freed at once all
the same; a registry or model that was replaced is among them.
"""

from __future__ import annotations

import gc

# Objects more than before, after which the youngest are looked through (a millisecond); how many such collections go
# by before the next older ones are (five); and how many of these before all are: that is, after ten million objects.
_THRESHOLDS = (2_000, 5, 1_000)


def spare_what_stays() -> None:
    """Leave everything that exists now out of collections, and let all others come rarely."""
    gc.collect()  # what is garbage already would stay forever
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
