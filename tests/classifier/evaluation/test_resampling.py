"""Drawing protected accounts again."""

import numpy as np
import pytest

from classifier.evaluation.resampling import draw_identities


def test_every_draw_has_as_many_accounts_and_each_is_drawn_once_in_the_mean() -> None:
    drawn = np.concatenate(list(draw_identities(40, draws=4_000, rng=np.random.default_rng(1))))
    assert drawn.shape == (4_000, 40)
    assert (drawn.sum(axis=1) == 40).all()
    assert drawn.mean(axis=0) == pytest.approx(np.ones(40), abs=0.1)
    assert drawn.var() == pytest.approx(1 - 1 / 40, abs=0.05)
