"""Figures of the account head on sources it has not seen: ``python -m tests.real_accounts [DIRECTORY] [--write]``.

The data is not part of the project; of it only aggregates are printed. DIRECTORY (default ``../shared/data``) holds
``accounts/x_accounts.parquet``, ``profiles/`` and ``congress/``. ``--write`` learns the package's scorecard again.

Each campaign of cresci-2017 is a source of its own: they were collected years apart, in different ways.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.metrics import roc_auc_score

from classifier.accounts.account import Account
from classifier.certification.neyman_pearson import certify
from classifier.model.account_model import ALPHA, AUDIENCE, DELTA, MIN_STEP_ACCOUNTS, AccountModel, fit
from classifier.model.additive import AdditiveClassifier
from classifier.model.scorecard import default_account_model, write_scorecard
from tests.real_data import DATA, GENUINE, accounts

FILE = Path("accounts") / "x_accounts.parquet"
SCORECARD = Path(str(files("classifier.model"))) / "scorecards" / "account.json"
CRESCI = "S. Cresci et al. (2017), The paradigm-shift of social spambots, https://doi.org/10.1145/3041021.3055135"
YANG = "K.-C. Yang et al. (2019), Arming the public with AI to counter social bots, https://doi.org/10.1002/hbe2.115"
BOTOMETER, PRONBOTS, VERIFIED = "botometer-feedback-2019", "pronbots-2019", "verified-2019"
ORDINARY = "cresci-2017/genuine"
NAMES = {"genuine_acconts": "genuine"}  # as the set spells it

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Labelled:
    accounts: list[Account]
    fake: Flags
    sources: NDArray[np.str_]

    def of(self, chosen: Flags) -> Labelled:
        picked = [account for account, one in zip(self.accounts, chosen, strict=True) if one]
        return Labelled(picked, self.fake[chosen], self.sources[chosen])

    def among(self, sources: Collection[str]) -> Flags:
        return np.isin(self.sources, list(sources))

    def learn(self) -> AccountModel:
        return fit(self.accounts, self.fake.tolist(), self.sources.tolist())

    @property
    def guarded(self) -> Flags:
        """The genuine accounts that the certificate speaks of."""
        return np.array([(account.followers or 0) >= AUDIENCE for account in self.accounts]) & ~self.fake


def read(data: Path) -> Labelled:
    table = pd.read_parquet(data / FILE, columns=["source", "group", "label"])
    groups = table["group"].replace(NAMES)
    sources = np.where(table["source"] == "cresci-2017", "cresci-2017/" + groups, table["source"]).astype(str)
    found = accounts(data / FILE)
    if len(found) != len(table):
        sys.exit(f"{FILE}: {len(table) - len(found)} rows could not be read")
    return Labelled(found, (table["label"] == "fake").to_numpy(), sources)


# --- heads to compare -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fitted:
    """A head as the protocol sees it: how suspicious each account is, NaN without an answer, and above what to flag."""

    score: Callable[[Sequence[Account]], Floats]
    threshold: float
    certified: bool


Head = Callable[[Labelled], Fitted]


def scorecard(train: Labelled) -> Fitted:
    """The package's own head. Without a certificate it flags nobody; the highest genuine score shows what it would."""
    model = train.learn()

    def score(people: Sequence[Account]) -> Floats:
        found = [one.probability for one in model.assess_many(people)]
        return np.array([math.nan if probability is None else probability for probability in found])

    if model.certificate is not None:
        return Fitted(score, model.certificate.threshold, True)
    return Fitted(score, float(np.nanmax(score(train.of(train.guarded).accounts))), False)


def boosted(features: Callable[[Account], list[float]], monotone: Sequence[int]) -> Head:
    """Fitted steps; the threshold from genuine accounts, each scored by a model that did not see its source."""

    def fit_steps(train: Labelled) -> AdditiveClassifier:
        groups = pd.Series(list(zip(train.sources, train.fake, strict=True)))
        weights = 1 / groups.map(groups.value_counts()).to_numpy()
        for one in (True, False):
            weights[train.fake == one] /= weights[train.fake == one].sum()
        model = AdditiveClassifier(monotone=monotone, steps=12, max_iter=100, min_samples_leaf=MIN_STEP_ACCOUNTS)
        return model.fit([features(one) for one in train.accounts], train.fake, weights * len(weights) / 2)

    def out_of_source(train: Labelled) -> Floats:
        found: list[float] = []
        for source in sorted(set(train.sources[train.guarded])):
            left_out = train.sources == source
            if len(set(train.fake[~left_out])) == 2:
                unseen = train.of(left_out & train.guarded).accounts
                found += fit_steps(train.of(~left_out)).decision_function([features(one) for one in unseen]).tolist()
        return np.array(found)

    def head(train: Labelled) -> Fitted:
        model, genuine = fit_steps(train), out_of_source(train)
        made = certify(expit(genuine), alpha=ALPHA, delta=DELTA, population="out of source")
        limit = made.threshold if made else max(expit(genuine), default=math.nan)
        return Fitted(
            lambda people: expit(model.decision_function([features(one) for one in people])), limit, made is not None
        )

    return head


def counts(account: Account) -> list[float]:
    """The scorecard's own three counts."""
    return [_log(account.followers), _log(account.listed), _log(account.posts)]


def everything(account: Account) -> list[float]:
    """The counts, and what else a profile says: age, whom it follows, bio, place, links, name and handle."""
    created, observed = account.created_at, account.observed_at
    texts = (account.bio, account.location, account.display_name)
    return [
        *counts(account),
        _log(account.following) - _log(account.followers),
        math.nan if created is None or observed is None else -(observed - created).days,
        *(math.nan if text is None else float(len(text)) for text in texts),
        float(len(account.links)) if account.links else math.nan,
        sum(c.isdigit() for c in account.handle) / len(account.handle),
        float(len(account.handle)),
    ]


def _log(value: float | None) -> float:
    return math.nan if value is None else math.log10(1 + value)


HEADS: dict[str, Head] = {
    "the scorecard": scorecard,
    "the same counts, fitted": boosted(counts, [-1, -1, -1]),
    "everything a profile says, fitted": boosted(everything, [-1, -1, -1, 1, 1, *[0] * 6]),
}


# --- the protocol ----------------------------------------------------------------------------------------------------


def designs(data: Labelled) -> Iterator[tuple[str, set[str], str, str]]:
    """Name, what is trained on, the genuine source and the fake source of the test: neither of them trained on.

    a: all of cresci-2017 and one other set; b: nothing of cresci-2017; c: everything but the two.
    """
    every = set(data.sources.tolist())
    campaigns = sorted(one for one in every if one.startswith("cresci-2017/") and one != ORDINARY)
    cresci = {ORDINARY, *campaigns}
    yield "a", cresci | {BOTOMETER}, VERIFIED, PRONBOTS
    yield "a", cresci | {PRONBOTS}, VERIFIED, BOTOMETER
    yield "a", cresci | {PRONBOTS}, BOTOMETER, BOTOMETER
    for campaign in campaigns:
        yield "b", {PRONBOTS, BOTOMETER}, VERIFIED, campaign
    for campaign in campaigns:
        yield "b", {PRONBOTS, BOTOMETER, VERIFIED}, ORDINARY, campaign
    for campaign in campaigns:
        yield "c", every - {VERIFIED, campaign}, VERIFIED, campaign
    for campaign in campaigns:
        yield "c", every - {ORDINARY, campaign}, ORDINARY, campaign


def judged(head: Head, data: Labelled, trained: set[str], genuine: str, fake: str) -> dict[str, object]:
    fitted = head(data.of(data.among(trained)))
    test = data.of(((data.sources == genuine) & ~data.fake) | ((data.sources == fake) & data.fake))
    scores = fitted.score(test.accounts)
    known, above = ~np.isnan(scores), scores > fitted.threshold
    return {
        "genuine": genuine,
        "fake": fake,
        "AUC": roc_auc_score(test.fake[known], scores[known]),
        "TPR": np.mean(above[test.fake]),
        "FPR": np.mean(above[~test.fake]),
        "certified": fitted.certified,
        "no answer, fake": np.mean(~known[test.fake]),
        "no answer, genuine": np.mean(~known[~test.fake]),
        "fakes": int(test.fake.sum()),
    }


def transfer(data: Labelled, head: Head) -> pd.DataFrame:
    """Return one row a design; model and threshold come from the sources it was trained on alone."""
    return pd.DataFrame(
        {"design": name} | judged(head, data, trained, genuine, fake) for name, trained, genuine, fake in designs(data)
    )


def flagged(model: AccountModel, chosen: Sequence[Account]) -> dict[str, float]:
    found = model.assess_many(chosen)
    return {
        "accounts": len(found),
        "flagged": float(np.mean([one.inauthentic is True for one in found])),
        "no answer": float(np.mean([one.probability is None for one in found])),
    }


def served(data: Labelled, directory: Path, model: AccountModel) -> pd.DataFrame:
    """How the default head answers, by source; nobody of the last rows was ever seen."""
    parts = {
        f"{source}, {'inauthentic' if fake else 'genuine'}": data.of((data.sources == source) & (data.fake == fake))
        for source in sorted(set(data.sources))
        for fake in (False, True)
    }
    parts[f"genuine, fewer than {AUDIENCE} followers"] = data.of(~data.fake & ~data.guarded)
    rows = [{"who": name} | flagged(model, part.accounts) for name, part in parts.items() if part.accounts]
    for name, file in GENUINE.items():
        people = accounts(directory / file)
        followed = [one for one in people if (one.followers or 0) >= AUDIENCE]
        rows += [{"who": f"{name}, all"} | flagged(model, people)]
        rows += [{"who": f"{name}, {AUDIENCE} followers or more"} | flagged(model, followed)]
    return pd.DataFrame(rows)


def guards(data: Labelled, model: AccountModel) -> pd.DataFrame:
    """What the flag would find if genuine accounts of a smaller audience were guarded as well."""
    scores = np.array([one.probability or 0.0 for one in model.assess_many(data.accounts)])
    audience = np.array([account.followers or 0 for account in data.accounts])
    rows = []
    for least in (0, 20, 50, AUDIENCE, 200):
        made = certify(scores[~data.fake & (audience >= least)], alpha=ALPHA, delta=DELTA, population="as served")
        above = scores > (made.threshold if made else 1.0)
        shares = [np.mean(above[data.fake & (data.sources == one)]) for one in sorted(set(data.sources[data.fake]))]
        rows.append({
            "guarded from": least, "n": made.n if made else 0, "fake": np.mean(above[data.fake]),
            "fake, mean of sources": np.mean(shares), "all genuine": np.mean(above[~data.fake]),
        })  # fmt: skip
    return pd.DataFrame(rows)


def instagram(directory: Path, model: AccountModel) -> dict[str, float]:
    """Another platform, told as unknown: the AUC on two sets of followers and posts alone. It is not served."""
    found: dict[str, float] = {}
    rows = [row for part in ("train", "test") for row in _csv(directory / f"insta-kaggle-696__{part}.csv")]
    found["insta-kaggle-696"] = _auc(model, [(row["#followers"], row["#posts"], row["fake"]) for row in rows])
    objects = [one for kind in ("fake", "real") for one in json.loads(
        (directory / f"instafake-2019__{kind}AccountData.json").read_text(encoding="utf-8"))]  # fmt: skip
    triples = [(one["userFollowerCount"], one["userMediaCount"], one["isFake"]) for one in objects]
    return found | {"instafake-2019": _auc(model, triples)}


def _csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _auc(model: AccountModel, triples: Sequence[tuple[object, object, object]]) -> float:
    people = [Account(handle="a", followers=int(str(f)), posts=int(str(p))) for f, p, _ in triples]
    scores = np.array([one.probability for one in model.assess_many(people)], dtype=float)
    labels = np.array([int(str(label)) for *_, label in triples])
    known = ~np.isnan(scores)
    return round(float(roc_auc_score(labels[known], scores[known])), 3)


def write(data: Labelled) -> None:
    model = data.learn()
    cited = tuple(
        replace(one, citation=CRESCI if one.source.startswith("cresci") else YANG) for one in model.learned_from
    )
    SCORECARD.write_text(write_scorecard(replace(model, learned_from=cited)), encoding="utf-8")


def main() -> None:
    given = [argument for argument in sys.argv[1:] if argument != "--write"]
    directory = Path(given[0]) if given else DATA
    if not (directory / FILE).is_file():
        sys.exit(f"{directory / FILE} is not here: give the directory of the real data")
    data = read(directory)
    if "--write" in sys.argv[1:]:
        write(data)
        return
    for name, head in HEADS.items():
        found = transfer(data, head)
        certified = found[found["certified"] & (found["genuine"] == VERIFIED)]
        print(f"\n{name}:\n", found.round(4).to_string(index=False))
        print(f"of all {certified['fakes'].sum():,} fakes unseen at a certified threshold, flagged:",
              round(float(np.average(certified["TPR"], weights=certified["fakes"])), 3))  # fmt: skip
    model = default_account_model()
    print(f"\nas served, {model.certificate}:\n", served(data, directory, model).round(4).to_string(index=False))
    print("\nif smaller genuine accounts were guarded:\n", guards(data, model).round(3).to_string(index=False))
    print(f"\nInstagram, AUC: {instagram(directory / 'accounts' / 'instagram', model)}")


if __name__ == "__main__":
    main()
