"""Ask a model about genuine accounts, completed in every way, and by every route."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from classifier.accounts.account import Account
from classifier.model_store import ModelStore
from classifier.registry.registry import Registry
from classifier.scoring.policy import Policy, decide
from classifier.scoring.scorer import Scorer
from tests.red_team import routes
from tests.red_team.cases import Surrounding
from tests.red_team.completions import completions
from tests.red_team.routes import NOW


@dataclass
class Found:
    """What came.

    Attributes
    ----------
    accounts, asked : Counter
        Genuine accounts, and their completions, by kind.
    cleared : Counter
        Completions that the policy would clear, by kind; by route under the route's name.
    by_route : Counter
        Answers by route.
    """

    accounts: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    cleared: Counter[str] = field(default_factory=Counter)
    by_route: Counter[str] = field(default_factory=Counter)

    def lines(self) -> Iterator[str]:
        """Yield what people read."""
        yield f"{'kind':45} {'accounts':>8} {'asked':>8} {'cleared':>8}"
        for kind, number in self.accounts.items():
            yield f"{kind:45} {number:8,} {self.asked[kind]:8,} {self.cleared[kind]:8,}"
        yield f"{'all':45} {self.accounts.total():8,} {self.asked.total():8,} {self.cleared_directly:8,}"
        for route, number in self.by_route.items():
            yield f"{route:45} {'':8} {number:8,} {self.cleared[route]:8,}"

    @property
    def cleared_directly(self) -> int:
        """Completions that the policy would clear."""
        return sum(self.cleared[kind] for kind in self.accounts)


def run(surroundings: Iterable[Surrounding], home: Path, *, worst: int = 2) -> Found:
    """Ask about every account: all completions of the policy, and the worst ones, and it as it is, by every route.

    Parameters
    ----------
    home : Path
        Whose model is asked; of a home without one, what ships.
    worst : int
        Completions of each account that go by every route: those with the highest clearing probability.
    """
    stored, found = ModelStore(home).load(), Found()
    for surrounding in surroundings:
        registry = Registry(surrounding.registry)
        scorer = Scorer(stored.model, stored.model_id, registry)
        chosen: list[Account] = []
        for case in surrounding.cases:
            asked = list(dict.fromkeys(completions(case.account)))
            answers = scorer.assess_many(asked, explain=False)
            verdicts = [decide(one, "suspend", None, now=NOW, policy=Policy()).verdict for one in answers]
            found.accounts[case.kind] += 1
            found.asked[case.kind] += len(asked)
            found.cleared[case.kind] += verdicts.count("cleared")
            order = sorted(range(len(asked)), key=lambda place: -answers[place].clearing_probability)
            cleared = [place for place in order if verdicts[place] == "cleared"]
            chosen += [asked[place] for place in dict.fromkeys([0, *cleared[:worst], *order[:worst]])]
        _by_routes(found, scorer, surrounding, chosen, home)
    return found


def _by_routes(found: Found, scorer: Scorer, surrounding: Surrounding, accounts: Sequence[Account], home: Path) -> None:
    client = routes.client_of(scorer)
    answers = {name: route(client, accounts) for name, route in routes.SERVED.items()}
    client.check_service.close()
    with tempfile.TemporaryDirectory() as directory:
        answers["upload"] = routes.upload(Path(directory), surrounding.registry, accounts, home)
        answers["doublecheck score"] = routes.score_files(Path(directory), surrounding.registry, accounts, home)
    for name, one in answers.items():
        found.by_route[name] += one.asked
        found.cleared[name] += one.cleared
