"""Learn how candidates are ranked: ``python -m tests.benchmarks.learn_ranking`` prints ``WEIGHTS`` of ``candidates``.

The attacks are made by ``perturbations``, which the model learns from too, and by a few lines here: none of them
is among those that recall is measured on (``tests.benchmarks.attacks``), and the protected accounts are others.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from tqdm import tqdm

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.registry.registry import Registry
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.retrieval.query import Queries
from classifier.retrieval.segment_index import Pool
from classifier.retrieval.similarity import FEATURES
from classifier.simulation import perturbations
from classifier.simulation.population import chance, pick
from tests.benchmarks.population import draw_population

# Wrong accounts that each right one is compared with: those that look most like the reported account.
RIVALS = 40
RIDGE = 1e-4
Floats = NDArray[np.float64]
Made = tuple[str, str | None]
Maker = Callable[[np.random.Generator, str, str], Made | None]


def _slips(rng: np.random.Generator, text: str, number: int) -> str:
    for _ in range(number):
        text = perturbations.typo(rng, text)
    return text


def _turned(parts: Sequence[str], joiner: str) -> str | None:
    return joiner.join([*parts[1:], parts[0]]) if len(parts) > 1 else None


def _swapped(handle: str) -> str | None:
    return _turned(perturbations.split_words(handle), "")


def _tail(rng: np.random.Generator) -> str:
    return "".join(pick(rng, "abcdefghijklmnopqrstuvwxyz") for _ in range(rng.integers(2, 5)))


def _named(rng: np.random.Generator, name: str) -> str:
    return pick(rng, ("{} Official", "{} Support", "The Real {}", "{} | CEO", "{} Team")).format(name)


# Attacks by the handle alone, by the name alone, and by both; each gives a handle and a name, "" for one of a stranger.
BY_HANDLE: tuple[Maker, ...] = (
    lambda rng, handle, _: (_slips(rng, handle, 1), ""),
    lambda rng, handle, _: (_slips(rng, handle, 2), ""),
    lambda rng, handle, _: (perturbations.look_alike(rng, handle, ascii_only=True), ""),
    lambda rng, handle, _: (perturbations.glue(rng, handle, pick(rng, perturbations.CLAIMS)), ""),
    lambda rng, handle, _: (handle + _tail(rng), ""),
    lambda rng, handle, _: (f"{handle}{rng.integers(10, 100_000)}", ""),
    lambda rng, handle, _: (handle[: -int(rng.integers(1, 4))], "") if len(handle) > 7 else None,
    lambda _, handle, __: (swapped, "") if (swapped := _swapped(handle)) else None,
)
BY_NAME: tuple[Maker, ...] = (
    lambda _, __, name: ("", name),
    lambda rng, _, name: ("", _slips(rng, name, 1)),
    lambda rng, _, name: ("", _slips(rng, name, 2)),
    lambda rng, _, name: ("", perturbations.look_alike(rng, name, ascii_only=False)),
    lambda _, __, name: ("", turned) if (turned := _turned(name.split(), " ")) else None,
    lambda _, __, name: ("", name.replace(" ", "")),
    lambda rng, _, name: ("", _named(rng, name)),
)
BY_BOTH: tuple[Maker, ...] = (
    lambda rng, handle, name: (_slips(rng, handle, 1), name),
    lambda rng, handle, name: (perturbations.glue(rng, handle, pick(rng, perturbations.CLAIMS)), name),
    lambda _, handle, name: (swapped, name) if (swapped := _swapped(handle)) else None,
    lambda rng, handle, name: (_slips(rng, handle, 1), _slips(rng, name, 1)),
)


def attacks(protected: Sequence[ProtectedAccount], seed: int, each: int) -> Iterator[tuple[ProtectedAccount, Account]]:
    """Yield targets, drawn evenly, with an attack on each: ``each`` of every kind."""
    strangers = draw_population(5_000, seed + 1)
    for number, maker in enumerate((*BY_HANDLE, *BY_NAME, *BY_BOTH)):
        rng = np.random.default_rng([seed, number])
        made = 0
        while made < each:
            target, stranger = pick(rng, protected), pick(rng, strangers)
            found = maker(rng, target.handle, target.display_name or target.handle)
            if found is None or found[0].lower() == target.handle.lower():
                continue
            random_handle = stranger.handle if chance(rng, 0.8) else perturbations.random_handle(rng)
            name = found[1] or (stranger.display_name if chance(rng, 0.5) else None)
            yield target, Account(handle=found[0][:20] or random_handle, display_name=name)
            made += 1


def rivalries(size: int, seed: int, each: int) -> Iterator[tuple[int, Floats]]:
    """Yield, for each attack whose target is among the candidates, the row of weights, and what is compared.

    Yields
    ------
    row : {0, 1}
        Which row of ``WEIGHTS`` speaks of it: both sides have a name, or the reported account has none.
    values : ndarray of shape (1 + RIVALS, FEATURES)
        The target first; rivals that there are none of repeat it with NaN.
    """
    protected = draw_population(size, seed)
    index = CandidateIndex(Registry(protected))
    base, nobody = index.indexes[0], np.zeros(size, bool)
    accounts = index.registry.accounts
    for target, account in tqdm(attacks(protected, seed, each), desc=f"{size:,}", unit="attack"):
        queries = Queries.of([View(account)])
        owners, firsts = base.nearest(queries, nobody, base)
        values = base.compare(queries, Pool(owners, firsts, np.zeros(len(owners), np.uint8)), base).astype(float)
        own = [accounts[row] is target for row in base.rows[owners].tolist()]
        if any(own):
            place = own.index(True)
            rivals = np.delete(values, place, axis=0)
            most = np.argsort(-rivals.sum(axis=1))[:RIVALS]
            padded = np.full((1 + RIVALS, FEATURES), np.nan)
            padded[: 1 + len(most)] = np.concatenate([values[place : place + 1], rivals[most]])
            yield int(account.display_name is None), padded


def fit(sets: Floats) -> Floats:
    """Return the weights, none below 0, under which targets come before their rivals: listwise logistic regression.

    Parameters
    ----------
    sets : ndarray of shape (n_attacks, 1 + RIVALS, FEATURES)

    References
    ----------
    Cao et al. 2007, Learning to rank: from pairwise approach to listwise approach.
    """
    missing = np.isnan(sets[:, :, 0])
    values = np.nan_to_num(sets)

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = np.where(missing, -np.inf, values @ weights)
        highest = scores.max(axis=1, keepdims=True)
        shares = np.exp(scores - highest)
        total = shares.sum(axis=1, keepdims=True)
        errors = shares / total
        errors[:, 0] -= 1.0
        lost = np.mean(np.log(total) + highest - scores[:, :1]) + RIDGE * weights @ weights
        return float(lost), np.einsum("nr,nrf->f", errors, values) / len(values) + 2 * RIDGE * weights

    return minimize(loss, np.ones(FEATURES), jac=True, bounds=[(0, None)] * FEATURES, method="L-BFGS-B").x


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 300_000])
    parser.add_argument("--each", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1917)
    asked = parser.parse_args()
    found = [one for size in asked.sizes for one in rivalries(size, asked.seed, asked.each)]
    for row in (0, 1):
        weights = fit(np.array([values for number, values in found if number == row]))
        print([round(weight, 1) for weight in weights.tolist()])


if __name__ == "__main__":
    main()
