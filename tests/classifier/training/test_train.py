import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.certification.neyman_pearson import smallest_sample
from classifier.errors import TrainingError
from classifier.features import FEATURE_NAMES, compute
from classifier.labels.dataset import Labels
from classifier.labels.labelled_case import GIVEN
from classifier.model.scorecard import default_account_model
from classifier.model_store import artifacts
from classifier.model_store.training_result import Training
from classifier.registry.registry import Registry
from classifier.scoring.scorer import Scorer
from classifier.simulation import GENUINE, Case
from classifier.simulation.population import invent_registry
from classifier.training import train as training
from classifier.training.pairs import LabelledPairs, check_disjoint, identity, split_identities
from classifier.training.train import ALPHA, DELTA, SPLIT, genuine_cases, genuine_scores, left_out, train

# Prints the model id that a store would give, and the digest of each file.
PROGRAM = """
from pathlib import Path
from tempfile import TemporaryDirectory
from tests.classifier.training.test_train import digests
from classifier.simulation.population import invent_registry
from classifier.labels.dataset import Labels
from classifier.training.train import train
found = train(invent_registry(60, seed=5), seed=5)
with TemporaryDirectory() as directory:
    print(*digests(found, Path(directory) / "made"))
"""


@pytest.fixture(scope="module")
def small() -> Training:
    return train(invent_registry(60, seed=5), seed=5)


def model_id(training: Training, directory: Path) -> str:
    directory.mkdir()
    # The signature is a file too: of one key, that of all who run this.
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    return artifacts.write(directory, training.model, training.facts, key)


def digests(training: Training, directory: Path) -> list[str]:
    """The model id and the digest of every file, by name."""
    own = model_id(training, directory)
    return [own, *(hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(directory.iterdir()))]


@pytest.mark.parametrize(
    "machine",
    [
        {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "OPENBLAS_CORETYPE": "Prescott", "TZ": "Asia/Tokyo"},
        pytest.param(
            {"PYTHONHASHSEED": "4242", "OMP_NUM_THREADS": "2", "NUMBA_CACHE_DIR": "new", "LC_ALL": "C"},
            marks=pytest.mark.slow,
        ),
    ],
    ids=["another processor", "compiled anew"],
)
def test_the_same_seed_gives_the_same_bytes_in_any_process(
    small: Training, tmp_path: Path, machine: dict[str, str]
) -> None:
    """Wherever it runs, whatever it compiles anew, on however many cores and with another processor's BLAS kernels."""
    (tmp_path / "there").mkdir()
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path / "there", env=os.environ | {"PYTHONPATH": str(Path(training.__file__).parents[2])} | machine,
        capture_output=True, text=True, timeout=1_000, check=True,
    )  # fmt: skip
    assert run.stdout.split() == digests(small, tmp_path / "here")


def test_another_seed_gives_another_model(small: Training, tmp_path: Path) -> None:
    other = train(invent_registry(60, seed=5), seed=6)
    assert model_id(other, tmp_path / "other") != model_id(small, tmp_path / "small")
    assert other.facts["data"] != small.facts["data"]


@pytest.mark.parametrize("size", [1, 3, 5])
def test_a_registry_too_small_to_be_split_is_refused(size: int) -> None:
    with pytest.raises(TrainingError, match="too few"):
        train(invent_registry(size, seed=1), seed=1)


@pytest.mark.parametrize("seed", range(2))
def test_a_very_small_registry_gives_a_model_or_says_that_it_cannot(seed: int) -> None:
    """Nothing but a TrainingError: another would look like a defect to whoever trains."""
    try:
        found = train(invent_registry(12, seed=seed), seed=seed)
    except TrainingError:
        return
    assert found.model.certificates == {}


def test_a_registry_of_mere_handles_can_be_trained_on() -> None:
    """No name, picture or audience in any pair: these features are missing throughout."""
    handles = Registry(ProtectedAccount(platform="x", handle=one.handle) for one in invent_registry(80, seed=3))
    model = train(handles, seed=3).model
    place = FEATURE_NAMES.index("avatar_similarity")
    assert model.impersonation.tables[place].tolist() == [0.0]


def test_too_few_identities_give_no_certificate_for_the_high_tier(small_training: Training) -> None:
    assert set(small_training.model.certificates) == {"standard"}
    certificate = small_training.model.certificates["standard"]
    assert (certificate.alpha, certificate.delta) == (ALPHA["standard"][-1], DELTA)
    assert smallest_sample(ALPHA["standard"][-1], DELTA) <= certificate.n < smallest_sample(ALPHA["high"][0], DELTA)


def test_a_certificate_counts_the_certifying_identities_once_and_names_what_they_are(small_training: Training) -> None:
    certificate = small_training.model.certificates["standard"]
    assert certificate.n == round(SPLIT[2] * small_training.facts["identities"])
    assert "simulated genuine" in certificate.population
    assert small_training.facts["registry"][:12] in certificate.population


def test_fewer_identities_still_give_no_certificate_at_all(small: Training) -> None:
    assert small.model.certificates == {}


def test_the_facts_tell_how_the_model_came_to_be(small: Training) -> None:
    facts = small.facts
    assert (facts["seed"], facts["identities"]) == (5, 60)
    assert facts["registry"] == invent_registry(60, seed=5).version
    assert facts["data"]["fitting"] != facts["data"]["calibrating"]
    assert facts["pairs"]["fitting"] > facts["pairs"]["calibrating"] > 0
    assert 0.8 < facts["metrics"]["calibrating_pair_auc"] <= 1.0


def test_the_model_carries_the_packages_head_for_the_account_or_the_one_it_was_given(small: Training) -> None:
    assert small.model.account == default_account_model()
    own = replace(default_account_model(), certificate=None)
    assert train(invent_registry(60, seed=5), account=own, seed=5).model.account == own


def test_fitting_calibrating_and_certifying_never_share_an_identity(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[set[str]] = []

    def remember(*parts: LabelledPairs) -> None:
        seen.extend(set(part.identities.tolist()) for part in parts)

    def remember_certifying(scorer: Scorer, **_: object) -> list[float]:
        seen.append({f"{one.platform}:{one.handle.casefold()}" for one in scorer.registry})
        return []

    monkeypatch.setattr(training, "check_disjoint", remember)
    monkeypatch.setattr(training, "genuine_scores", remember_certifying)
    train(invent_registry(60, seed=5), seed=5)
    fitting, calibrating, certifying = seen
    assert fitting
    assert calibrating
    assert certifying
    assert not (fitting & calibrating) | (fitting & certifying) | (calibrating & certifying)


def test_one_genuine_case_is_drawn_for_each_account_and_every_family_is_drawn() -> None:
    """One an identity: the certificate counts independent accounts."""
    registry = invent_registry(300, seed=6)
    cases = list(genuine_cases(registry, seed=1))
    assert [case.protected for case in cases] == list(registry)
    counts = {family: sum(case.family == family for case in cases) for family in GENUINE}
    assert min(counts.values()) > 300 / len(GENUINE) / 4  # not everybody has a neighbour
    assert all(case.label != "impersonation" for case in cases)
    assert cases == list(genuine_cases(registry, seed=1)) != list(genuine_cases(registry, seed=2))


def test_a_genuine_account_that_is_not_called_impersonation_scores_0(small_training: Training) -> None:
    """A certificate bounds what can be cleared, and only an impersonation can."""
    registry = invent_registry(200, seed=6)
    scorer = Scorer(small_training.model, "small", registry)
    scores = genuine_scores(scorer, seed=2)
    found = scorer.assess_many([case.account for case in genuine_cases(registry, seed=2)])
    assert len(scores) == len(registry)
    for score, one in zip(scores, found, strict=True):
        assert score == (one.clearing_probability if one.relation == "impersonation" else 0.0)
    assert np.mean(np.array(scores) == 0.0) > 0.5


def test_pairs_of_one_kind_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    real = training._pairs

    def relabelled(*args: object) -> LabelledPairs:
        pairs = real(*args)  # type: ignore[arg-type]
        return replace(pairs, labels=np.full(len(pairs.labels), "unrelated"))

    monkeypatch.setattr(training, "_pairs", relabelled)
    with pytest.raises(TrainingError, match="impersonations and others"):
        train(invent_registry(20, seed=5), seed=5)


def test_progress_is_shown_only_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(TrainingError):
        train(invent_registry(5, seed=1), seed=1)
    train(invent_registry(20, seed=5), seed=5)
    assert capsys.readouterr().err == ""
    train(invent_registry(20, seed=5), seed=5, progress=True)
    assert "training" in capsys.readouterr().err


# --- real labelled pairs ---------------------------------------------------------------------------------------------


def given_cases(registry: Registry) -> list[Case]:
    """Accounts that nobody would call look-alikes, all labelled impersonation."""
    account = Account(platform="x", handle="zzqqxx", display_name="Qwertz Uiop", followers=10)
    return [Case(account, one, "impersonation", GIVEN) for one in registry.accounts]


def test_given_pairs_are_learned_from(small: Training) -> None:
    registry = invent_registry(60, seed=5)
    own = given_cases(registry)
    told = train(registry, given=own, seed=5)
    assert told.facts["pairs"]["fitting"] > small.facts["pairs"]["fitting"]
    kept = dict(told.facts["given"])
    uses = kept.pop("uses")
    assert kept.pop("weight") == training.GIVEN_WEIGHT
    assert kept == Labels.of(own).facts(), "what was given is kept"
    assert uses == {"fitting": 13, "calibrating": 5, "left_out": 42}
    assert len(left_out(own, registry, seed=5)) == uses["left_out"]
    assert (told.facts["given"]["cases"], told.facts["given"]["labels"]) == (60, {"impersonation": 60})
    assert "given" not in small.facts
    values = compute([(View(own[0].account), View(own[0].protected))])
    assert told.model.probability(values)[0] > small.model.probability(values)[0]


def test_a_given_label_counts_as_many_simulated_ones_as_is_said() -> None:
    registry = invent_registry(60, seed=5)
    own = given_cases(registry)
    values = compute([(View(own[0].account), View(own[0].protected))])
    little, much = (train(registry, given=own, seed=5, weight=weight).model for weight in (1.0, 50.0))
    assert little.probability(values)[0] < much.probability(values)[0]
    with pytest.raises(TrainingError, match="from 1 to 1000"):
        train(registry, given=own, seed=5, weight=0.5)


def test_given_pairs_go_where_their_target_goes_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pair of a certifying identity must not be fitted on, or its certificate would speak of what was learned."""
    seen: list[LabelledPairs] = []
    monkeypatch.setattr(training, "check_disjoint", lambda *parts: seen.extend(parts) or check_disjoint(*parts))
    registry = invent_registry(60, seed=5)
    train(registry, given=given_cases(registry), seed=5)
    fitting, calibrating = (set(part.identities[part.families == GIVEN].tolist()) for part in seen)
    parts = split_identities(registry, SPLIT, seed=5)
    assert [fitting, calibrating] == [{identity(one) for one in part.accounts} for part in parts[:2]]
