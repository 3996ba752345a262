"""Scoring accounts of concurrent requests together: sixteen at once cost less than sixteen times one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from classifier.accounts.account import Account
from classifier.errors import DoublecheckError
from classifier.scoring.assessment import Assessment
from classifier.scoring.scorer import Scorer
from service.utils.microbatch import Batches, Watch

# Accounts that are scored together at most: more would make single checks wait behind a batch.
TOGETHER = 32


class _Question(NamedTuple):
    """An account to score; by the scorer in force when its turn comes, where none is named."""

    account: Account
    scorer: Scorer | None


class ScoredTogether:
    """Scores accounts, those that wait at the same time in one go.

    Parameters
    ----------
    current : callable
        Gives the scorer in force.
    waiting : int
        Accounts that may wait; one more is refused.
    watch : callable
        Told how long accounts wait, and how many do (``microbatch``).
    """

    def __init__(self, current: Callable[[], Scorer], *, waiting: int, watch: Watch = lambda *_: None) -> None:
        self._current = current
        self._batches: Batches[_Question, Assessment] = Batches(
            self._score, name="scoring", together=TOGETHER, waiting=waiting, watch=watch
        )

    async def assess(self, account: Account, scorer: Scorer | None = None) -> Assessment:
        """Score an account by the scorer that is in force when its turn comes, or by another.

        Raises
        ------
        OverloadedError
            If too many wait.
        """
        return await self._batches.ask(_Question(account, scorer))

    def close(self) -> None:
        """Finish what was accepted."""
        self._batches.close()

    def _score(self, questions: list[_Question]) -> Sequence[Assessment | Exception]:
        """Score accounts that are asked for together, those of one scorer in one go."""
        in_force = self._current()
        scorers = [question.scorer or in_force for question in questions]
        answers: dict[int, Assessment | Exception] = {}
        for scorer in dict.fromkeys(scorers):
            numbers = [number for number, wanted in enumerate(scorers) if wanted is scorer]
            answers |= zip(numbers, _score(scorer, [questions[number].account for number in numbers]), strict=True)
        return [answers[number] for number in range(len(questions))]


def _score(scorer: Scorer, accounts: list[Account]) -> Sequence[Assessment | Exception]:
    try:
        return scorer.assess_many(accounts)
    except DoublecheckError:
        raise
    except Exception as error:
        if len(accounts) == 1:
            return [error]
        return [_score(scorer, [account])[0] for account in accounts]  # so that only the one at fault fails
