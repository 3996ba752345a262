"""Doublecheck's classifier: which protected account, if any, does a reported account imitate, and how sure are we.

Reading order, each file importing only from those before it (``tests/test_architecture.py`` holds it to that):

- what everything stands on: ``errors``, ``interruptions``, ``pseudonyms``, ``rounding``, ``progress``, ``text``,
  ``accounts``, ``files``, ``importers``, ``columns``, ``identity``, ``segments``, ``registry``, ``frames``;
- finding whom it may imitate: ``compiled``, ``spelling``, ``rarity``, ``editing``, ``edits``, ``triggers``,
  ``markers``, ``keys``, ``views``, ``grams``, ``postings``, ``likeness``, ``choosing``, ``queries``, ``keyindex``,
  ``candidates``;
- what pairs are compared by, and the registry on disk: ``features``, ``shelf``, ``stock``, ``store``;
- what else serving needs: ``evidence``, ``direction``, ``thresholds``, ``calibration``, ``logistic``, ``profile``,
  ``authenticity``, ``scorecard``, ``steps``, ``model``, ``scores``, ``scoring``, ``policy``,
  ``monitoring``;
- what teaching needs: ``vocabulary``, ``draws``, ``invention``, ``wording``, ``mimicry``, ``crowd``, ``simulation``,
  ``datasets``, ``measures``, ``slices``, ``agreement``, ``labelled``, ``votes``, ``labels``, ``bounds``,
  ``evaluation``, ``contradictions``, ``references``, ``training``, ``estimators``;
- what showing needs: ``comparison``, ``plots``, ``report``;
- what people run: ``artifacts``, ``keyring``, ``models``, ``tracking``, ``home``, ``batch``, ``samples``,
  ``workbench``, ``cli``.
"""

from importlib.metadata import version

__version__ = version("doublecheck")
