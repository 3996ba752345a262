import os
import shutil
import stat
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from classifier.errors import DigestError, ManifestError, ModelError, NoModelError, SignatureError
from classifier.model.additive import AdditiveClassifier
from classifier.model.additive_tables import AdditiveTables
from classifier.model.pair_model import OTHER_RELATIONS, PairModel
from classifier.model.platt import Calibration
from classifier.model.scorecard import default_account_model
from classifier.model_store import ModelStore, artifacts, shipped
from classifier.model_store.shipped import default_id
from classifier.model_store.training_result import Training
from classifier.model_store.withdrawals import Withdrawal


@cache
def head() -> AdditiveTables:
    return AdditiveClassifier(max_iter=2).fit([[0.0], [1.0]] * 20, [0, 1] * 20).fitted_


def tiny(offset: float = 0.0) -> Training:
    others = dict.fromkeys(OTHER_RELATIONS, head())
    model = PairModel(features=("one",), impersonation=head(), calibration=Calibration(1.0, offset), others=others,
                      account=default_account_model())  # fmt: skip
    return Training(model, {"seed": 1})


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path)


def files(home: Path) -> list[str]:
    return sorted(str(path.relative_to(home)) for path in home.rglob("*") if path.is_file())


def pem(key: Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form)


def test_a_stored_model_can_be_verified_promoted_and_loaded(store: ModelStore) -> None:
    model_id = store.add(tiny())
    assert store.ids() == [model_id]
    assert store.verify(model_id)["training"] == {"seed": 1}
    store.promote(model_id)
    assert store.current_id() == model_id
    found = store.load()
    assert (found.model_id, found.manifest) == (model_id, store.verify(model_id))
    assert found.model.calibration == Calibration(1.0, 0.0)


def test_an_empty_store_serves_what_ships_and_looking_into_it_creates_nothing(
    store: ModelStore, tmp_path: Path
) -> None:
    assert store.ids() == []
    assert store.usable_ids() == [store.current_id()] == [default_id()]
    with pytest.raises(NoModelError, match="promote"):
        store.promoted_id()
    assert store.load().model_id == default_id()
    assert store.card(default_id(), ".md")
    assert store.withdrawn(default_id()) == {}
    assert store.log().entries == store.log().damage == ()
    assert files(tmp_path) == []


def test_the_layout_is_what_the_module_says(store: ModelStore, tmp_path: Path) -> None:
    model_id = store.add(tiny())
    store.promote(model_id)
    trusted = next((tmp_path / "keys" / "trusted").iterdir()).name
    assert files(tmp_path) == sorted(
        [
            "keys/signing.pem",
            f"keys/trusted/{trusted}",
            "models/current",
            "models/promotions.jsonl",
            f"models/{model_id}/account.json",
            f"models/{model_id}/manifest.json",
            f"models/{model_id}/manifest.sig",
            f"models/{model_id}/model.json",
        ]
    )


def test_only_the_owner_can_read_the_private_key(store: ModelStore, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store.add(tiny())
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "keys" / "signing.pem").stat().st_mode) == 0o600


def test_a_key_is_made_once_and_kept(store: ModelStore, tmp_path: Path) -> None:
    store.add(tiny())
    key = (tmp_path / "keys" / "signing.pem").read_bytes()
    store.add(tiny(0.5))
    ModelStore(tmp_path).add(tiny(1.0))
    assert (tmp_path / "keys" / "signing.pem").read_bytes() == key
    assert [store.verify(model_id)["format"] for model_id in store.ids()] == [3, 3, 3]


def test_storing_the_same_model_again_changes_nothing(store: ModelStore, tmp_path: Path) -> None:
    model_id = store.add(tiny())
    before = {name: ((tmp_path / name).stat().st_mtime_ns, (tmp_path / name).read_bytes()) for name in files(tmp_path)}
    assert store.add(tiny()) == model_id
    after = {name: ((tmp_path / name).stat().st_mtime_ns, (tmp_path / name).read_bytes()) for name in files(tmp_path)}
    assert after == before
    assert sorted(path.name for path in (tmp_path / "models").iterdir()) == [model_id]


@pytest.mark.parametrize("failure", [KeyboardInterrupt, OSError, MemoryError])
@pytest.mark.parametrize("where", ["write", "replace"])
def test_an_interrupted_add_leaves_no_version_behind(
    store: ModelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, failure: type[BaseException]
) -> None:
    old = store.add(tiny())
    real_write = artifacts.write

    def half(directory: Path, *args: object, **options: object) -> str:
        real_write(directory, *args, **options)  # type: ignore[arg-type]
        (directory / artifacts.SIGNATURE).unlink()
        raise failure

    def no_replace(*_: object) -> None:
        raise failure

    with monkeypatch.context() as patch:
        patch.setattr(*((artifacts, "write", half) if where == "write" else (os, "replace", no_replace)))
        with pytest.raises(failure):
            store.add(tiny(0.5))
    assert [path.name for path in (tmp_path / "models").iterdir()] == [old]
    assert store.add(tiny(0.5)) != old


def test_an_interrupted_promotion_leaves_the_old_version_serving(
    store: ModelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = store.add(tiny()), store.add(tiny(0.5))
    store.promote(old)

    def no_replace(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", no_replace)
        with pytest.raises(KeyboardInterrupt):
            store.promote(new)
    assert store.current_id() == old
    assert sorted(path.name for path in (tmp_path / "models").iterdir()) == sorted(
        ["current", "promotions.jsonl", old, new]
    )


@pytest.mark.parametrize(
    "model_id", ["../evil", "..", "", "current", "0" * 15, "0" * 17, "0" * 16 + "\n", "A" * 16, "/etc", "a/../../b"]
)
def test_an_id_that_is_none_is_refused_before_any_path_is_made_of_it(store: ModelStore, model_id: str) -> None:
    store.promote(store.add(tiny()))
    for ask in (store.verify, store.promote):
        with pytest.raises(ManifestError, match="16 hexadecimal digits"):
            ask(model_id)
    if model_id:
        with pytest.raises(ManifestError, match="16 hexadecimal digits"):
            store.load(model_id)


def test_what_current_names_is_an_id_or_refused(store: ModelStore, tmp_path: Path) -> None:
    store.promote(store.add(tiny()))
    (tmp_path / "models" / "current").write_text("../../elsewhere\n")
    with pytest.raises(ManifestError):
        store.load()


def test_a_model_that_is_not_there_is_named(store: ModelStore) -> None:
    store.promote(store.add(tiny()))
    with pytest.raises(NoModelError, match="0123456789abcdef"):
        store.load("0123456789abcdef")


def test_only_versions_are_listed(store: ModelStore, tmp_path: Path) -> None:
    ids = sorted([store.add(tiny()), store.add(tiny(0.5))])
    for name in ("notes", ".writing-x", "0123"):
        (tmp_path / "models" / name).mkdir()
    assert store.ids() == ids


def test_a_model_that_fails_verification_is_not_promoted(store: ModelStore, tmp_path: Path) -> None:
    old, new = store.add(tiny()), store.add(tiny(0.5))
    store.promote(old)
    (tmp_path / "models" / new / "model.json").write_bytes(b"other")
    with pytest.raises(DigestError):
        store.promote(new)
    assert store.current_id() == old


def test_a_version_copied_over_another_does_not_serve_under_its_name(store: ModelStore, tmp_path: Path) -> None:
    """Both are signed: a withdrawn model must not come back as the current one."""
    withdrawn, current = store.add(tiny()), store.add(tiny(0.5))
    store.promote(current)
    shutil.rmtree(tmp_path / "models" / current)
    shutil.copytree(tmp_path / "models" / withdrawn, tmp_path / "models" / current)
    for ask in (store.verify, store.load, store.promote):
        with pytest.raises(ManifestError, match="another model"):
            ask(current)


def test_a_model_of_another_machine_is_loaded_once_its_key_is_trusted(tmp_path: Path) -> None:
    there, here = ModelStore(tmp_path / "there"), ModelStore(tmp_path / "here")
    model_id = there.add(tiny())
    here.add(tiny(0.5))
    shutil.copytree(tmp_path / "there" / "models" / model_id, tmp_path / "here" / "models" / model_id)
    with pytest.raises(SignatureError):
        here.load(model_id)
    shutil.copy(next((tmp_path / "there/keys/trusted").iterdir()), tmp_path / "here/keys/trusted/there.pem")
    assert here.load(model_id).model_id == model_id


def test_without_trusted_keys_nothing_is_loaded(store: ModelStore, tmp_path: Path) -> None:
    store.promote(store.add(tiny()))
    next((tmp_path / "keys" / "trusted").iterdir()).unlink()
    with pytest.raises(SignatureError, match="no trusted keys"):
        store.load()


@pytest.mark.parametrize("content", [b"no key", b"", pem(ec.generate_private_key(ec.SECP256R1()))])
def test_a_trusted_key_that_is_none_is_named(store: ModelStore, tmp_path: Path, content: bytes) -> None:
    store.promote(store.add(tiny()))
    (tmp_path / "keys" / "trusted" / "odd.pem").write_bytes(content)
    with pytest.raises(SignatureError, match=r"trusted/odd\.pem"):
        store.load()


@pytest.mark.parametrize("content", [b"no key", b"", pem(Ed25519PrivateKey.generate())])
def test_a_signing_key_that_is_none_is_named_and_left_alone(store: ModelStore, tmp_path: Path, content: bytes) -> None:
    store.add(tiny())
    (tmp_path / "keys" / "signing.pem").write_bytes(content)
    with pytest.raises(SignatureError, match=r"signing\.pem"):
        store.add(tiny(0.5))
    assert (tmp_path / "keys" / "signing.pem").read_bytes() == content
    assert len(store.ids()) == 1


# --- the model that ships --------------------------------------------------------------------------------------------


def test_a_first_start_keeps_a_copy_of_what_ships_and_a_second_one_changes_nothing(
    store: ModelStore, tmp_path: Path
) -> None:
    """The package may ship another after an upgrade; what was decided by this one must stay to be replayed."""
    store.first_start()
    assert store.ids() == [store.promoted_id()] == [default_id()]
    (entry,) = store.log().entries
    assert (entry["event"], entry["model"], entry["gate"]) == ("promoted", default_id(), "first start")
    before = {name: (tmp_path / name).read_bytes() for name in files(tmp_path)}
    store.first_start()
    assert {name: (tmp_path / name).read_bytes() for name in files(tmp_path)} == before


def test_the_kept_copy_is_trusted_by_the_homes_own_key_once_another_model_ships(
    store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.first_start()
    kept = store.promoted_id()
    monkeypatch.setattr(artifacts, "DEFAULT_MODEL", "0" * 64)
    monkeypatch.setattr(shipped, "DEFAULT_MODEL", "0" * 64)
    assert not store.is_shipped(kept)
    assert store.load().model_id == kept


def test_a_first_start_leaves_what_serves_alone(store: ModelStore) -> None:
    own = store.add(tiny())
    store.promote(own)
    store.first_start()
    assert store.ids() == [own] == [store.current_id()]


def test_what_ships_can_be_rolled_back_to_after_one_of_the_homes_own(store: ModelStore) -> None:
    own = store.add(tiny())
    assert store.current_id() == default_id(), "storing is not promoting"
    store.promote(own)
    assert store.log().entries[-1]["before"] == default_id()
    assert store.roll_back() == default_id() == store.load().model_id
    assert store.ids() == sorted([own, default_id()])
    assert store.log().damage == ()


def test_withdrawing_a_certificate_of_what_ships_writes_into_the_home_only(store: ModelStore, tmp_path: Path) -> None:
    withdrawal = Withdrawal(model_id=default_id(), tier="high", at="2025-07-01T00:00:00Z", code="c", text="t", by="ada")
    assert store.withdraw(withdrawal)
    assert set(store.load().model.certificates) == {"standard"}
    assert not (shipped.DIRECTORY / "withdrawn").exists()
    assert (tmp_path / "models" / default_id() / "withdrawn" / "high.json").exists()


def test_when_it_is_lost_which_model_was_promoted_nothing_serves(store: ModelStore, tmp_path: Path) -> None:
    """What ships must not come back in silence: it may clear what the promoted one would not."""
    store.promote(store.add(tiny()))
    (tmp_path / "models" / "current").unlink()
    for ask in (store.current_id, store.load):
        with pytest.raises(NoModelError):
            ask()
    assert "do it again" in store.log().damage[0]


def test_a_home_copy_that_was_tampered_with_is_an_error_though_the_package_has_a_good_one(
    store: ModelStore, tmp_path: Path
) -> None:
    """Taking the other in silence would hide the attack."""
    store.first_start()
    path = tmp_path / "models" / default_id() / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b'"standard"', b'"standart"'))
    with pytest.raises(ModelError):
        store.load()


def test_when_the_homes_copy_is_lost_its_withdrawals_are_and_the_packages_does_not_serve(
    store: ModelStore, tmp_path: Path
) -> None:
    store.first_start()
    shutil.rmtree(tmp_path / "models" / default_id())
    for ask in (store.load, lambda: store.withdrawn(default_id())):
        with pytest.raises(NoModelError):
            ask()


def test_a_copy_of_what_ships_can_be_removed_though_the_package_is_read_only(
    store: ModelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = Path(shutil.copytree(shipped.DIRECTORY, tmp_path / "package"))
    for path in (*package.iterdir(), package):
        path.chmod(0o555 if path.is_dir() else 0o444)
    monkeypatch.setattr(shipped, "DIRECTORY", package)
    store.copy_to(tmp_path / "copy", default_id())
    copied = tmp_path / "copy" / default_id()
    assert artifacts.load(copied, (), expected_id=default_id())
    assert all(os.stat(path).st_mode & stat.S_IWUSR for path in (copied, *copied.iterdir()))
    package.chmod(0o755)


def test_the_default_model_is_certified_for_both_tiers(home: Path) -> None:
    """What a first start leaves behind can clear something in each tier; slow, but shared with other tests."""
    found = ModelStore(home).load()
    assert set(found.model.certificates) == {"standard", "high"}
    assert found.model.certificates["high"].n >= 2_995
    assert all(0.5 < one.threshold < 1.0 for one in found.model.certificates.values())


def test_a_new_signing_key_leaves_older_models_trusted(store: ModelStore, tmp_path: Path) -> None:
    old = store.add(tiny())
    (tmp_path / "keys" / "signing.pem").rename(tmp_path / "old.pem")
    new = store.add(tiny(0.5))
    assert store.verify(old)
    assert store.verify(new)
    assert len(list((tmp_path / "keys" / "trusted").iterdir())) == 2


def test_two_first_starts_at_once_agree_on_one_key(tmp_path: Path) -> None:
    """Whoever comes second takes the first one's key; otherwise neither could ever load what the other signed."""
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda number: ModelStore(tmp_path).add(tiny(number % 2)), range(16)))
    assert len(set(ids)) == 2
    assert all(ModelStore(tmp_path).verify(model_id) for model_id in ids)
    assert len(list((tmp_path / "keys" / "trusted").iterdir())) == 1
    assert not list(tmp_path.rglob(".writing-*"))


def test_a_version_may_be_named_by_how_its_id_begins(store: ModelStore) -> None:
    model_id = store.add(tiny())
    assert store.wanted(model_id[:6]) == store.wanted(model_id) == model_id
    assert store.wanted() == store.current_id()
    with pytest.raises(NoModelError, match="there is no model"):
        store.wanted("0" * 15 if not model_id.startswith("0" * 15) else "f" * 15)
    for wrong in ("abc", "../../..", "XYZW", ""):
        with pytest.raises(ManifestError, match="16 hexadecimal digits"):
            store.wanted(wrong)


def test_a_beginning_of_several_ids_names_them(store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "usable_ids", lambda: ["abcd" + "0" * 12, "abcd" + "1" * 12])
    with pytest.raises(ManifestError, match=f"2 models begin with abcd: .*abcd{'0' * 12}"):
        store.wanted("abcd")
