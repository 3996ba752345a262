"""Each rule of ``artifacts`` broken in turn: nothing is parsed before those above it passed (R10)."""

import base64
import hashlib
import json
import pickle
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier.certification.neyman_pearson import Certificate
from classifier.errors import DigestError, ManifestError, ModelError, OldFormatError, SignatureError
from classifier.model.additive import AdditiveClassifier
from classifier.model.additive_tables import AdditiveTables
from classifier.model.pair_model import OTHER_RELATIONS, PairModel
from classifier.model.pair_model_json import write_pair_model
from classifier.model.platt import Calibration
from classifier.model.scorecard import default_account_model, write_scorecard
from classifier.model_store import artifacts
from classifier.model_store.artifacts import CARDS, MANIFEST, MODEL, SCORECARD, SIGNATURE
from classifier.reports.model_card import cards

KEY = Ed25519PrivateKey.from_private_bytes(b"doublecheck".ljust(32, b"."))
FOREIGN = Ed25519PrivateKey.from_private_bytes(b"somebody else".ljust(32, b"."))
TRUSTED = [KEY.public_key()]
FILES = (MODEL, SCORECARD, *CARDS, MANIFEST, SIGNATURE)
CERTIFICATE = Certificate(alpha=0.01, delta=0.05, n=400, errors=1, threshold=0.875, population="invented")


@cache
def head() -> AdditiveTables:
    return AdditiveClassifier(max_iter=2).fit([[0.0, 1.0], [1.0, 0.0]] * 20, [0, 1] * 20).fitted_


def tiny(**changes: Any) -> PairModel:
    model = PairModel(
        features=("one", "other"),
        impersonation=head(),
        calibration=Calibration(1.0, 0.0),
        others=dict.fromkeys(OTHER_RELATIONS, head()),
        certificates={"standard": CERTIFICATE},
        account=default_account_model(),
    )
    return replace(model, **changes)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An artifact that nobody may change: tests copy it."""
    directory = tmp_path_factory.mktemp("artifact")
    artifacts.write(directory, tiny(), {"seed": 1}, KEY, documents=cards)
    return directory


@pytest.fixture
def copy(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written, tmp_path / "copy"))


@pytest.fixture
def _no_parsing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is refused must be refused before a model is parsed."""
    forbid_parsing(monkeypatch)


@pytest.fixture
def _no_unpickling(monkeypatch: pytest.MonkeyPatch) -> None:
    forbid(monkeypatch, (joblib, "load"), (pickle, "load"), (pickle, "loads"), (pickle, "Unpickler"))


def forbid_parsing(monkeypatch: pytest.MonkeyPatch) -> None:
    forbid(monkeypatch, (artifacts, "read_pair_model"), (artifacts, "read_scorecard"), (joblib, "load"))


def forbid(monkeypatch: pytest.MonkeyPatch, *names: tuple[Any, str]) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("read before it was verified")

    for module, name in names:
        monkeypatch.setattr(module, name, refuse)


def resign(directory: Path, change: Callable[[dict[str, Any]], Any], key: Ed25519PrivateKey = KEY) -> None:
    """Change the manifest as only the holder of a key can."""
    manifest = json.loads((directory / MANIFEST).read_bytes())
    changed = change(manifest)
    content = changed if isinstance(changed, bytes) else json.dumps(manifest if changed is None else changed).encode()
    (directory / MANIFEST).write_bytes(content)
    (directory / SIGNATURE).write_bytes(base64.b64encode(key.sign(content)))


def name_content(directory: Path) -> None:
    """Make manifest and signature right for whatever the other files now hold."""
    contents = {name: (directory / name).read_bytes() for name in (MODEL, SCORECARD, *CARDS)}
    digests = {
        name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in contents.items()
    }
    resign(directory, lambda manifest: manifest.update(files=digests))


def test_what_was_written_is_read_back(written: Path) -> None:
    model, manifest = artifacts.load(written, TRUSTED)
    rows = np.array([[0.0, 1.0], [1.0, np.nan]])
    np.testing.assert_array_equal(model.probability(rows), tiny().probability(rows))
    assert model.certificates == {"standard": CERTIFICATE}
    assert model.features == ("one", "other")
    assert manifest["training"] == {"seed": 1}
    assert manifest["certificates"]["standard"]["threshold"] == 0.875
    assert set(manifest["libraries"]) == {"python", *artifacts.libraries()}
    assert {"numba", "numpy", "rapidfuzz", "scikit-learn", "scipy", "wordfreq"} <= set(manifest["libraries"])


def test_the_same_model_and_facts_give_the_same_files_and_id(written: Path, tmp_path: Path) -> None:
    found = artifacts.write(tmp_path, tiny(), {"seed": 1}, KEY, documents=cards)
    assert found == artifacts.model_id((written / MANIFEST).read_bytes())
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (written / name).read_bytes()


@pytest.mark.parametrize(
    ("model", "facts"),
    [
        (tiny(calibration=Calibration(1.0, 0.1)), {"seed": 1}),
        (tiny(certificates={}), {"seed": 1}),
        (tiny(account=replace(default_account_model(), certificate=None)), {"seed": 1}),
        (tiny(account=None), {"seed": 1}),
        (tiny(), {"seed": 2}),
    ],
)
def test_another_model_or_other_facts_have_another_id(
    written: Path, tmp_path: Path, model: PairModel, facts: dict[str, int]
) -> None:
    known = artifacts.model_id((written / MANIFEST).read_bytes())
    assert artifacts.write(tmp_path, model, facts, KEY, documents=cards) != known


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(name=st.sampled_from(FILES), place=st.floats(0, 1, exclude_max=True), mask=st.integers(1, 255))
def test_a_flipped_byte_anywhere_is_refused(written: Path, tmp_path: Path, name: str, place: float, mask: int) -> None:
    directory = Path(shutil.copytree(written, tmp_path / "flipped", dirs_exist_ok=True))
    content = bytearray((directory / name).read_bytes())
    content[int(place * len(content))] ^= mask
    (directory / name).write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        forbid_parsing(patch)
        with pytest.raises(ModelError):
            artifacts.load(directory, TRUSTED)


@pytest.mark.usefixtures("_no_parsing")
def test_every_single_character_of_the_signature_counts(written: Path, copy: Path) -> None:
    """Base64 has spare bits at the end: a file that differs in them alone is another file."""
    content = (written / SIGNATURE).read_bytes()
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\n "
    for place in range(len(content)):
        for char in alphabet if place >= len(content) - 4 else b"A/=\n":
            changed = content[:place] + bytes([char]) + content[place + 1 :]
            if changed != content:
                (copy / SIGNATURE).write_bytes(changed)
                with pytest.raises(SignatureError):
                    artifacts.verify(copy, TRUSTED)


@pytest.mark.usefixtures("_no_parsing")
@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("change", [lambda _: b"", lambda old: old[:-1], lambda old: old + b"\n", lambda old: old * 2])
def test_a_file_cut_short_or_made_longer_is_refused(copy: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    (copy / name).write_bytes(change((copy / name).read_bytes()))
    with pytest.raises(ModelError):
        artifacts.load(copy, TRUSTED)


@pytest.mark.usefixtures("_no_parsing")
@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_refused_by_name(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ManifestError, match=name):
        artifacts.load(copy, TRUSTED)


@pytest.mark.usefixtures("_no_parsing")
def test_rule_1_a_foreign_key_signs_nothing(copy: Path) -> None:
    resign(copy, dict, key=FOREIGN)
    with pytest.raises(SignatureError, match="trusted key"):
        artifacts.load(copy, TRUSTED)


@pytest.mark.usefixtures("_no_parsing")
def test_rule_1_without_trusted_keys_nothing_is_trusted(copy: Path) -> None:
    with pytest.raises(SignatureError):
        artifacts.load(copy, [])


def test_rule_1_any_of_the_trusted_keys_will_do(written: Path) -> None:
    artifacts.load(written, [FOREIGN.public_key(), KEY.public_key()])


@pytest.mark.usefixtures("_no_parsing")
def test_rule_1_comes_first_so_an_unsigned_manifest_is_not_even_parsed(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (copy / MANIFEST).write_bytes(b'{"format": 3}')

    def parse(*_: object) -> None:
        raise AssertionError("parsed before its signature was verified")

    monkeypatch.setattr(artifacts.json, "loads", parse)
    with pytest.raises(SignatureError):
        artifacts.load(copy, TRUSTED)


@pytest.mark.usefixtures("_no_parsing")
def test_rule_1_the_manifest_of_another_model_does_not_fit(written: Path, copy: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    artifacts.write(other, tiny(calibration=Calibration(2.0, 0.0)), {}, KEY)
    shutil.copy(other / MANIFEST, copy / MANIFEST)
    with pytest.raises(SignatureError):
        artifacts.load(copy, TRUSTED)
    shutil.copy(other / SIGNATURE, copy / SIGNATURE)
    with pytest.raises(DigestError):
        artifacts.load(copy, TRUSTED)


@pytest.mark.usefixtures("_no_parsing")
@pytest.mark.parametrize(
    "change",
    [
        lambda _: b"no json",
        lambda _: b"\xff\xfe",
        lambda _: ["a", "list"],
        lambda _: "text",
        lambda _: {},
        lambda manifest: manifest | {"format": 1},
        lambda manifest: manifest | {"format": 2},
        lambda manifest: manifest | {"format": 4},
        lambda manifest: manifest | {"format": "3"},
    ],
)
def test_rule_3_a_manifest_of_another_form_is_refused_though_signed(
    copy: Path, change: Callable[[dict[str, Any]], Any]
) -> None:
    resign(copy, change)
    with pytest.raises(ManifestError, match=MANIFEST):
        artifacts.load(copy, TRUSTED)


@pytest.mark.usefixtures("_no_parsing")
@pytest.mark.parametrize("name", [MODEL, SCORECARD, *CARDS])
@pytest.mark.parametrize(
    "change",
    [{"sha256": "0" * 64}, {"sha256": None}, {"bytes": 1}, {"bytes": None}, {"sha256": ""}],
)
def test_rule_4_the_size_and_the_digest_must_both_be_right(copy: Path, name: str, change: dict[str, Any]) -> None:
    resign(copy, lambda manifest: manifest["files"][name].update(change))
    with pytest.raises(DigestError):
        artifacts.load(copy, TRUSTED)


class Attack:
    """Unpickling it writes a file: what an attacker would do is worse."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.write_text, (self.target, "executed"))


@pytest.mark.parametrize("signed", [False, True])
def test_a_pickle_that_executes_code_is_not_executed_even_if_it_is_signed(
    copy: Path, tmp_path: Path, signed: bool
) -> None:
    proof = tmp_path / "proof"
    joblib.dump(Attack(proof), copy / MODEL)
    if signed:
        name_content(copy)
    with pytest.raises(ManifestError if signed else DigestError, match=MODEL):
        artifacts.load(copy, TRUSTED)
    assert not proof.exists()
    joblib.load(copy / MODEL)
    assert proof.exists(), "otherwise the test proves nothing"


def test_rule_5_what_is_parsed_is_what_was_hashed(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when somebody replaces the file in between."""
    real = artifacts.verify

    def verify_then_replace(*args: Any, **options: Any) -> Any:
        found = real(*args, **options)
        (copy / MODEL).write_text(write_pair_model(tiny(certificates={})), encoding="utf-8")
        return found

    monkeypatch.setattr(artifacts, "verify", verify_then_replace)
    model, _ = artifacts.load(copy, TRUSTED)
    assert model.certificates == {"standard": CERTIFICATE}


@pytest.mark.usefixtures("_no_parsing")
def test_rule_2_another_model_than_the_one_asked_for_is_refused_though_signed(
    written: Path, copy: Path, tmp_path: Path
) -> None:
    """Whoever can write the directory must not make an older model serve under the name of a newer one."""
    other = tmp_path / "other"
    other.mkdir()
    other_id = artifacts.write(other, tiny(calibration=Calibration(2.0, 0.0)), {}, KEY)
    own_id = artifacts.model_id((written / MANIFEST).read_bytes())
    artifacts.verify(other, TRUSTED, expected_id=other_id)
    with pytest.raises(ManifestError, match="another model"):
        artifacts.load(other, TRUSTED, expected_id=own_id)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(tiny(certificates={}), id="fewer certificates"),
        pytest.param(tiny(certificates={"standard": replace(CERTIFICATE, threshold=0.1)}), id="a lower threshold"),
        pytest.param(tiny(features=("one", "else")), id="other features"),
        pytest.param(tiny(features=("other", "one")), id="another order of features"),
    ],
)
def test_rule_6_a_model_that_is_not_what_its_manifest_says_is_refused(copy: Path, content: PairModel) -> None:
    (copy / MODEL).write_text(write_pair_model(content), encoding="utf-8")
    name_content(copy)
    with pytest.raises(ManifestError, match="train again"):
        artifacts.load(copy, TRUSTED)


@pytest.mark.parametrize("name", ["features", "certificates", "account", "files"])
def test_a_manifest_that_does_not_say_what_it_holds_is_refused(copy: Path, name: str) -> None:
    resign(copy, lambda manifest: {key: value for key, value in manifest.items() if key != name})
    with pytest.raises(ManifestError):
        artifacts.load(copy, TRUSTED)


@pytest.mark.parametrize("content", [b"", b"no json", b"[]", b'{"features": ["one", "other"]}', b"[" * 100_000])
def test_rule_6_a_file_that_holds_no_model_is_refused_and_says_what_to_do(copy: Path, content: bytes) -> None:
    (copy / MODEL).write_bytes(content)
    name_content(copy)
    with pytest.raises(ManifestError, match=rf"{MODEL} holds no model .*train again"):
        artifacts.load(copy, TRUSTED)


@pytest.mark.usefixtures("_no_unpickling")
def test_loading_unpickles_nothing(written: Path) -> None:
    assert artifacts.load(written, TRUSTED)[0].account == default_account_model()


def test_verifying_alone_parses_no_model(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forbid_parsing(monkeypatch)
    manifest, contents = artifacts.verify(written, TRUSTED)
    assert set(contents) == {MODEL, SCORECARD, *CARDS}
    for name, content in contents.items():
        assert manifest["files"][name]["sha256"] == hashlib.sha256(content).hexdigest()
    with pytest.raises(AssertionError):
        artifacts.load(written, TRUSTED)  # loading is what parses


# --- the head for the account alone ----------------------------------------------------------------------------------


def test_the_head_for_the_account_is_read_back_and_shown_in_the_manifest(written: Path) -> None:
    model, manifest = artifacts.load(written, TRUSTED)
    head, shown = default_account_model(), manifest["account"]
    assert model.account == head
    assert head.certificate is not None
    assert shown["certificate"]["threshold"] == head.certificate.threshold
    assert [one["source"] for one in shown["learned_from"]] == [one.source for one in head.learned_from]
    assert shown["platforms"] == ["x"]


def test_the_head_is_the_artifacts_own_whatever_the_package_ships(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = replace(default_account_model(), calibration=Calibration(2.5, 0.25), certificate=None)
    artifacts.write(tmp_path, tiny(account=own), {}, KEY)
    monkeypatch.setattr(
        "classifier.model.scorecard.default_account_model", lambda: pytest.fail("the package's was asked")
    )
    assert artifacts.load(tmp_path, TRUSTED)[0].account == own


def test_a_model_without_the_head_is_kept_as_such(tmp_path: Path) -> None:
    artifacts.write(tmp_path, tiny(account=None), {}, KEY)
    assert not (tmp_path / SCORECARD).exists()
    shutil.copy(Path(__file__), tmp_path / SCORECARD)  # nobody named it, so nobody reads it
    model, manifest = artifacts.load(tmp_path, TRUSTED)
    assert model.account is manifest["account"] is None


@pytest.mark.parametrize(
    "content",
    [
        b"no json",
        b"\xff\xfe\xff",
        b"{}",
        write_scorecard(replace(default_account_model(), certificate=None)).encode(),
        write_scorecard(replace(default_account_model(), learned_from=())).encode(),
    ],
)
def test_a_scorecard_that_is_not_what_its_manifest_says_is_refused(copy: Path, content: bytes) -> None:
    (copy / SCORECARD).write_bytes(content)
    name_content(copy)
    with pytest.raises(ModelError, match="train again"):
        artifacts.load(copy, TRUSTED)


@pytest.mark.usefixtures("_no_parsing")
@pytest.mark.parametrize("change", [{"../evil": {}}, {"manifest.json": {}}, {MODEL: "text"}, {MODEL: None}])
def test_no_name_but_ours_becomes_a_path(copy: Path, change: dict[str, Any]) -> None:
    resign(copy, lambda manifest: manifest["files"].update(change))
    with pytest.raises(ModelError):
        artifacts.load(copy, TRUSTED)


@pytest.mark.usefixtures("_no_parsing")
@pytest.mark.parametrize("old", [1, 2])
def test_an_artifact_of_an_older_format_is_refused_with_what_to_do(copy: Path, old: int) -> None:
    resign(copy, lambda manifest: manifest | {"format": old})
    with pytest.raises(OldFormatError, match=f"older format {old}; run 'doublecheck train'"):
        artifacts.load(copy, TRUSTED)
