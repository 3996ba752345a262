"""Figures of the account head on sources it has not seen: ``python -m tests.real_accounts [DIRECTORY] [--write]``.

The data is not part of the project; of it only aggregates are printed. DIRECTORY (default ``../shared/data``) holds
``accounts/x_accounts.parquet``, ``profiles/`` and ``congress/``. ``--write`` learns the package's scorecard again.

Every source of inauthentic accounts is left out in turn with every source of genuine ones; model and threshold come
from the rest. Each campaign of cresci-2017 is a source of its own: they were collected years apart, in different ways.
Nobody has looked whether the ordinary accounts are genuine, so that nothing is learned from them; they are only judged.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from unicodedata import category

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.metrics import roc_auc_score

from classifier.accounts.account import Account
from classifier.certification.neyman_pearson import certify
from classifier.model.account_features import COUNT_NAMES, PROFILE_FEATURES, PROFILE_NAMES
from classifier.model.account_model import ALPHA, AUDIENCE, DELTA, MIN_STEP_ACCOUNTS, AccountModel, fit
from classifier.model.additive import AdditiveClassifier
from classifier.model.scorecard import default_account_model, write_scorecard
from classifier.text.information import bits
from tests.real_data import DATA, GENUINE, accounts

FILE = Path("accounts") / "x_accounts.parquet"
SCORECARD = Path(str(files("classifier.model"))) / "scorecards" / "account.json"
CRESCI = "S. Cresci et al. (2017), The paradigm-shift of social spambots, https://doi.org/10.1145/3041021.3055135"
YANG = "K.-C. Yang et al. (2019), Arming the public with AI to counter social bots, https://doi.org/10.1002/hbe2.115"
PEOPLE = {
    "congress-2017": "X API v1.1 user objects of accounts of the US Congress, August 2017",
    "verified-2020": "X API v1.1 user objects of verified accounts, October 2020",
}
BOTOMETER, PRONBOTS, VERIFIED = "botometer-feedback-2019", "pronbots-2019", "verified-2019"
ORDINARY = "ordinary"
# Genuine accounts that are not of the table, and their files.
PUBLIC_PEOPLE = {"congress-2017": GENUINE["congress, 2017"], "verified-2020": GENUINE["verified, 2020"]}
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

    def with_genuine(self, people: list[Account], source: str) -> Labelled:
        fake, sources = np.zeros(len(people), dtype=bool), np.full(len(people), source)
        return Labelled(
            [*self.accounts, *people], np.concatenate([self.fake, fake]), np.concatenate([self.sources, sources])
        )

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
    labelled = Labelled(found, (table["label"] == "fake").to_numpy(), sources)
    for source, file in PUBLIC_PEOPLE.items():
        labelled = labelled.with_genuine(dated(data / file), source)
    return labelled


def dated(path: Path) -> list[Account]:
    """Accounts of a file that does not say when it was read: not before the youngest of them was created."""
    people = accounts(path)
    read_at = max(one.created_at for one in people if one.created_at is not None)
    return [replace(one, observed_at=read_at) for one in people]


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


def points(account: Account, names: Collection[str] = PROFILE_NAMES) -> float:
    """What the scorecard adds up, without its steps."""
    found = [(one, one.compute(account)) for one in PROFILE_FEATURES if one.name in names]
    return sum(
        one.weight * (one.middle - _log(value)) for one, value in found if value is not None and value >= one.start
    )


def summed(score: Callable[[Account], float]) -> Head:
    """Points that are given; the threshold from genuine accounts."""

    def score_all(people: Sequence[Account]) -> Floats:
        found: Floats = expit(np.array([score(one) for one in people]))
        return found

    def head(train: Labelled) -> Fitted:
        genuine = score_all(train.of(train.guarded).accounts)
        made = certify(genuine, alpha=ALPHA, delta=DELTA, population="as given")
        return Fitted(score_all, made.threshold if made else max(genuine, default=math.nan), made is not None)

    return head


def counts(account: Account) -> list[float]:
    """The scorecard's own counts."""
    return [math.nan if (value := one.compute(account)) is None else _log(value) for one in PROFILE_FEATURES]


def everything(account: Account) -> list[float]:
    """The counts, and what else a profile says: whom it follows for each follower, bio, place, links, name, handle."""
    texts = (account.bio, account.location, account.display_name)
    return [
        *counts(account),
        _log(account.following or 0) - _log(account.followers or 0),
        *(math.nan if text is None else float(len(text)) for text in texts),
        float(len(account.links)) if account.links else math.nan,
        sum(c.isdigit() for c in account.handle) / len(account.handle),
        float(len(account.handle)),
    ]


def _log(value: float) -> float:
    return math.log10(1 + value)


SIGNS = [-1 if one.weight > 0 else 1 for one in PROFILE_FEATURES]
BEFORE = summed(lambda one: points(one, COUNT_NAMES))
HEADS: dict[str, Head] = {"the scorecard": scorecard, "before: followers, lists and posts alone": BEFORE}
UPPER_BOUNDS: dict[str, Head] = {
    "the same counts, fitted": boosted(counts, SIGNS),
    "everything a profile says, fitted": boosted(everything, [*SIGNS, 1, *[0] * 6]),
}

# What else a profile says, as points beside the scorecard's.
OTHERS: dict[str, Callable[[Account], float]] = {
    "follows more than follow it": lambda one: max(0.0, _log(one.following or 0) - _log(one.followers or 0)),
    "followers a day": lambda one: -_a_day(one.followers, one),
    "posts a day": lambda one: -_a_day(one.posts, one),
    "lists a follower": lambda one: 0.5 * (_log(one.followers or 0) - _log(one.listed or 0)),
    "no bio": lambda one: 0.25 * (not one.bio),
    "short bio": lambda one: -0.0025 * len(one.bio or ""),
    "no mention in the bio": lambda one: -0.25 * ("@" in (one.bio or "")),
    "no place": lambda one: 0.25 * (not one.location),
    "no link": lambda one: 0.25 * (not one.links),
    "no picture": lambda one: 0.5 * (one.default_avatar is True),
    "digits in the handle": lambda one: sum(c.isdigit() for c in one.handle) / len(one.handle),
    "handle ends in four digits": lambda one: float(one.handle[-4:].isdigit()),
    "long handle": lambda one: 0.1 * len(one.handle),
    "unlikely letters in the handle": lambda one: 0.2 * bits(one.handle.casefold()) / len(one.handle),
    "name of one word": lambda one: 0.25 * (len((one.display_name or "").split()) < 2),
    "symbols in the name": lambda one: 0.25 * any(category(c) == "So" for c in one.display_name or ""),
    "name not in the handle": lambda one: 0.25 * (not _shares_a_word(one)),
}


def _a_day(count: int | None, account: Account) -> float:
    if count is None or account.created_at is None or account.observed_at is None:
        return 0.0
    return _log(count) - _log(max(1, (account.observed_at - account.created_at).days))


def _shares_a_word(account: Account) -> bool:
    words = (account.display_name or "").casefold().split()
    return any(len(word) > 2 and word in account.handle.casefold() for word in words)


# --- the protocol ----------------------------------------------------------------------------------------------------


def judged(head: Head, train: Labelled, test: Labelled) -> dict[str, object]:
    fitted = head(train)
    scores = fitted.score(test.accounts)
    known, above = ~np.isnan(scores), scores > fitted.threshold
    guarded = test.guarded
    return {
        "AUC": roc_auc_score(test.fake[known], scores[known]),
        "found": np.mean(above[test.fake]),
        "flagged": np.mean(above[guarded]),
        "certified": fitted.certified,
        "no answer, fake": np.mean(~known[test.fake]),
        "no answer, genuine": np.mean(~known[~test.fake]),
        "fakes": int(test.fake.sum()),
    }


def transfer(
    data: Labelled, head: Head, ordinary: Sequence[Account] = (), genuine: Collection[str] | None = None
) -> pd.DataFrame:
    """Return one row a pair of sources, neither of them trained on.

    ``flagged`` is the share of the genuine accounts that the certificate speaks of. A source without a certificate
    flags from the highest genuine score. ``ordinary`` accounts are a genuine source that is never trained on;
    ``genuine`` names the genuine sources to leave out, all by default.
    """
    every = data.with_genuine(list(ordinary), ORDINARY) if ordinary else data
    rows = []
    for left_out in sorted(set(every.sources[~every.fake])) if genuine is None else genuine:
        for fake in sorted(set(data.sources[data.fake])):
            train = data.of(~data.among({left_out, fake}))
            test = every.of(((every.sources == left_out) & ~every.fake) | ((every.sources == fake) & every.fake))
            rows.append({"genuine": left_out, "fake": fake} | judged(head, train, test))
    return pd.DataFrame(rows)


def summary(found: pd.DataFrame) -> pd.DataFrame:
    """Mean and worst over the sources of inauthentic accounts, by genuine source left out."""
    by = found.assign(hits=found["found"] * found["fakes"]).groupby("genuine")
    return pd.DataFrame({
        "AUC, mean": by["AUC"].mean(), "AUC, worst": by["AUC"].min(), "AUC, best": by["AUC"].max(),
        "found, mean": by["found"].mean(), "found, of all": by["hits"].sum() / by["fakes"].sum(),
        "found, worst": by["found"].min(), "flagged, worst": by["flagged"].max(), "certified": by["certified"].all(),
    })  # fmt: skip


def overall(found: pd.DataFrame) -> dict[str, float]:
    """One line: against public people (verified, congress) and against the others."""
    public = found["genuine"].isin([VERIFIED, *PUBLIC_PEOPLE])
    return {
        "AUC, public": found["AUC"][public].mean(), "worst": found["AUC"][public].min(),
        "AUC, others": found["AUC"][~public].mean(), "worst ": found["AUC"][~public].min(),
        "found": found["found"][public].mean(), "flagged": found["flagged"][public].max(),
    }  # fmt: skip


def additions(data: Labelled, ordinary: Sequence[Account]) -> pd.DataFrame:
    """What the scorecard would do with one field more, or with one of those it added to the three counts less."""
    rows = {"the scorecard's points": summed(points)}
    for name in PROFILE_NAMES:
        if name not in COUNT_NAMES:
            rows[f"without {name}"] = summed(_without(name))
    rows |= {f"and {name}": summed(_plus(field)) for name, field in OTHERS.items()}
    return pd.DataFrame({name: overall(transfer(data, head, ordinary)) for name, head in rows.items()}).T


def _without(name: str) -> Callable[[Account], float]:
    return lambda account: points(account, set(PROFILE_NAMES) - {name})


def _plus(field: Callable[[Account], float]) -> Callable[[Account], float]:
    return lambda account: points(account) + field(account)


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
    people = dated(directory / GENUINE["ordinary"])
    followed = [one for one in people if (one.followers or 0) >= AUDIENCE]
    rows += [{"who": "ordinary, all"} | flagged(model, people)]
    rows += [{"who": f"ordinary, {AUDIENCE} followers or more"} | flagged(model, followed)]
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


def instagram(directory: Path, score: Callable[[Account], float]) -> dict[str, float]:
    """Another platform, told as unknown: the AUC on two sets without lists and ages. It is not served."""
    rows = [row for part in ("train", "test") for row in _csv(directory / f"insta-kaggle-696__{part}.csv")]
    objects = [one for kind in ("fake", "real") for one in json.loads(
        (directory / f"instafake-2019__{kind}AccountData.json").read_text(encoding="utf-8"))]  # fmt: skip
    names = ("userFollowerCount", "userMediaCount", "userFollowingCount", "isFake")
    return {
        "insta-kaggle-696": _auc(
            score, [tuple(int(row[n]) for n in ("#followers", "#posts", "#follows", "fake")) for row in rows]
        ),
        "instafake-2019": _auc(score, [tuple(int(one[n]) for n in names) for one in objects]),
    }


def _csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _auc(score: Callable[[Account], float], rows: Sequence[tuple[int, ...]]) -> float:
    people = [Account(handle="a", followers=f, posts=p, following=follows) for f, p, follows, _ in rows]
    return round(float(roc_auc_score([fake for *_, fake in rows], [score(one) for one in people])), 3)


def write(data: Labelled) -> None:
    model = data.learn()
    cited = tuple(replace(one, citation=_citation(one.source)) for one in model.learned_from)
    SCORECARD.write_text(write_scorecard(replace(model, learned_from=cited)), encoding="utf-8")


def _citation(source: str) -> str:
    return CRESCI if source.startswith("cresci") else PEOPLE.get(source, YANG)


def main() -> None:
    given = [argument for argument in sys.argv[1:] if argument != "--write"]
    directory = Path(given[0]) if given else DATA
    if not (directory / FILE).is_file():
        sys.exit(f"{directory / FILE} is not here: give the directory of the real data")
    data = read(directory)
    if "--write" in sys.argv[1:]:
        write(data)
        return
    show(data, directory)


def show(data: Labelled, directory: Path) -> None:
    ordinary = dated(directory / GENUINE["ordinary"])
    found = {name: transfer(data, head, ordinary) for name, head in HEADS.items()}
    for name, rows in found.items():
        print(f"\n{name}:\n", summary(rows).round(3).to_string())
    print("\nthe scorecard, every pair:\n", found["the scorecard"].round(3).to_string(index=False))
    print("\nAUC less that of before:\n", gains(*found.values()).round(3).to_string())
    print("\none field more or less:\n", additions(data, ordinary).round(3).to_string())
    model = default_account_model()
    print(f"\nas served, {model.certificate}:\n", served(data, directory, model).round(4).to_string(index=False))
    print("\nif smaller genuine accounts were guarded:\n", guards(data, model).round(3).to_string(index=False))
    for name, score in {"the scorecard": points, "before": lambda one: points(one, COUNT_NAMES)}.items():
        print(f"\nInstagram, AUC, {name}: {instagram(directory / 'accounts' / 'instagram', score)}")
    for name, head in UPPER_BOUNDS.items():
        rows = transfer(data, head, genuine=(VERIFIED,))
        print(f"\n{name}:\n", summary(rows).round(3).to_string())


def gains(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """By how much the AUC of each pair of sources rose."""
    rose = now.assign(rose=now["AUC"] - before["AUC"])
    return rose.pivot(index="fake", columns="genuine", values="rose")


if __name__ == "__main__":
    main()
