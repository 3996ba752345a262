"""Doublecheck's classifier: which protected account, if any, does a reported account imitate, and how sure are we.

Reading order, each file importing only from those before it (``tests/test_architecture.py`` holds it to that):

- what everything stands on: ``errors``, ``text``, ``accounts``, ``files``, ``importers``, ``columns``, ``identity``,
  ``segments``, ``registry``;
- finding whom it may imitate: ``compiled``, ``spelling``, ``rarity``, ``editing``, ``edits``, ``triggers``,
  ``markers``, ``keys``, ``views``, ``grams``, ``postings``, ``likeness``, ``choosing``, ``queries``, ``keyindex``,
  ``candidates``, ``store``;
- what else serving needs: ``features``, ``evidence``, ``direction``, ``thresholds``, ``calibration``, ``logistic``,
  ``profile``, ``authenticity``, ``scorecard``, ``steps``, ``model``, ``shelf``, ``scores``, ``scoring``, ``policy``;
- what teaching needs: ``vocabulary``, ``draws``, ``invention``, ``wording``, ``mimicry``, ``crowd``, ``simulation``,
  ``datasets``;
- what measuring needs, and training, which measures: ``measures``, ``slices``, ``bounds``, ``evaluation``,
  ``contradictions``, ``training``, ``plots``, ``report``;
- what people run: ``artifacts``, ``keyring``, ``models``, ``home``, ``batch``, ``samples``, ``cli``.
"""

from importlib.metadata import version

__version__ = version("doublecheck")
