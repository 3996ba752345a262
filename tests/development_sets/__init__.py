"""Every development set of real accounts in one command: ``python -m tests.development_sets [DIRECTORY]``.

Its figures decide between models. Nothing of any set is used to fit a model, so that every source and every target is
left out at once: what is printed is leave-one-source-out and leave-one-target-out as it stands. Choices of features
were made with these figures, though: a sealed set may come out lower.

The data is not part of the project; only aggregates are printed and saved. ``run`` gives one row a case, to ask a model
that is not stored.
"""

from tests.development_sets.run import Runner, run

__all__ = ["Runner", "run"]
