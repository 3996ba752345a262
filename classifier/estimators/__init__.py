"""The classifier as scikit-learn estimators: pipelines, grids and cross-validation over DataFrames of pairs.

A row is a pair: the account columns of the reported account, and the protected one, either as ``target_handle`` of a
registry or as columns that begin with ``protected_``. An identity is a protected account; ``identities`` gives them
as the ``groups`` by which scikit-learn's ``GroupKFold`` keeps both sides of a split apart.

What is made here is for trying things out. Only ``training.train`` makes a model that can serve.

Examples
--------
>>> from sklearn.model_selection import GridSearchCV, GroupKFold
>>> from sklearn.pipeline import make_pipeline
>>> from classifier.simulation.population import invent_registry
>>> from classifier.simulation import simulate
>>> registry = invent_registry(40, seed=1)
>>> pairs = pairs_of(simulate(registry.accounts, seed=1))
>>> model = make_pipeline(PairFeatures(registry), ImpersonationClassifier(max_iter=10, random_state=1))
>>> grid = {"pairfeatures__features": [("name_similarity",), ("name_similarity", "handle_beyond_chance")]}
>>> search = GridSearchCV(model, grid, cv=GroupKFold(3), scoring=found_scorer(alpha=0.1))
>>> is_attack = pairs["label"] == "impersonation"
>>> search = search.fit(pairs, is_attack, groups=identities(pairs, registry))
>>> search.best_params_["pairfeatures__features"]
('name_similarity', 'handle_beyond_chance')
"""

from classifier.estimators.accounts import AccountClassifier
from classifier.estimators.certified import CertifiedClassifier, found_scorer, share_found
from classifier.estimators.impersonation import ImpersonationClassifier
from classifier.estimators.pairs import PairFeatures, identities, pairs_of

__all__ = [
    "AccountClassifier",
    "CertifiedClassifier",
    "ImpersonationClassifier",
    "PairFeatures",
    "found_scorer",
    "identities",
    "pairs_of",
    "share_found",
]
