"""What is packed ahead says the same as what is packed when it is met, and is not used where it might not."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path

import pytest
from xxhash import xxh3_128

from classifier.accounts.account import Account, ProtectedAccount, as_reported
from classifier.features.encoded_cache import EncodedCache
from classifier.model_store.training_result import Training
from classifier.registry.registry import Registry
from classifier.registry.segments import EncodedSegment
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.scoring.scorer import Scorer
from classifier.simulation import FAMILIES, simulate
from classifier.simulation.population import invent_registry
from classifier.storage import encoded_accounts as encoding_module
from classifier.storage import registry_file, registry_store
from classifier.storage.encoded_accounts import LIBRARIES, SOURCES, encode_segment, made_by
from classifier.storage.registry_store import RegistryStore
from tests.test_architecture import ROOT, imported

ODD = [
    ProtectedAccount(platform="x", handle="rnvvcl_77", display_name="Dr. Jäne Röe ✅", aliases=("JR", "Яна Ро"),
                     bio="Mayor of Tamstad. @other says hello to all of you", roles=("Mayor of Tamstad", "CEO of A")),
    ProtectedAccount(platform="bluesky", handle="日本.example", display_name="***", followers=2**60, verified=True),
    ProtectedAccount(platform="mastodon", handle="a@b.example", avatar_pdq="f" * 65, links=("https://a.example/x",)),
]  # fmt: skip
ACCOUNTS = [*ODD, *invent_registry(200, seed=41)]
CLASSIFIER = ROOT / "classifier"
NEW = ProtectedAccount(platform="x", handle="OrlaBraskNew", display_name="Orla Brask", bio="Painter of harbours")
# Prints the digest of the packs of the accounts here.
ELSEWHERE = (
    "from tests.classifier.storage.test_encoded_accounts import content, ACCOUNTS; print(content(ACCOUNTS[:60]))"
)


def content(accounts: Sequence[ProtectedAccount]) -> str:
    encoded = encode_segment(accounts)
    return xxh3_128(b"".join(getattr(encoded, field.name).tobytes() for field in fields(EncodedSegment))).hexdigest()


def asked() -> Iterator[Account]:
    """Attacks and genuine cases of every family, and accounts made of protected ones as nobody would."""
    yield from (case.account for case in simulate(ACCOUNTS[:12], seed=3, families=FAMILIES))
    for one, other in zip(ACCOUNTS, reversed(ACCOUNTS), strict=True):
        mixed = replace(as_reported(one), display_name=other.display_name, account_id=None, verified=None)
        yield replace(mixed, handle=f"{one.handle}{other.handle[:2]}", followers=(other.followers or 0) // 2)
        yield replace(mixed, handle=other.handle.replace("m", "rn") + "1", bio=f"{one.bio or ''} {other.bio or ''} 😀")


def all_the_same(training: Training, one: CandidateIndex, other: CandidateIndex) -> None:
    """Every field of every answer, evidence included, is the same to the last digit."""
    accounts = list(asked())
    assert len(accounts) > 700
    found, expected = (Scorer(training.model, "small", index).assess_many(accounts) for index in (one, other))
    assert found == [
        replace(
            other, registered_at=one.registered_at, unprotected_at=one.unprotected_at
        )  # when is no part of an index
        for one, other in zip(found, expected, strict=True)
    ]


@pytest.fixture
def store(tmp_path: Path) -> RegistryStore:
    store = RegistryStore(tmp_path / "registry")
    store.replace(Registry(ACCOUNTS))
    return store


def test_answers_are_the_same_and_nothing_is_packed_again(
    store: RegistryStore, small_training: Training, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = CandidateIndex(Registry(ACCOUNTS))
    expected = Scorer(small_training.model, "small", plain).assess_many(list(asked()))
    opened = Scorer(small_training.model, "small", store.open().index)
    monkeypatch.delattr(EncodedCache, "_add")
    assert opened.assess_many(list(asked())) == expected
    assert {answer.direction for answer in expected} == {-1, 0, 1}, "both sides were asked for"


def test_accounts_put_since_are_packed_when_they_are_met(store: RegistryStore, small_training: Training) -> None:
    changed = store.change([NEW], withdraw=[("x", ODD[0].handle)]).index
    plain = CandidateIndex(Registry(ACCOUNTS))
    all_the_same(small_training, changed, plain.after(plain.registry.changed([NEW], [("x", ODD[0].handle)])))
    all_the_same(small_training, store.open().index, changed)


def test_packs_that_something_else_made_are_left_unused(
    store: RegistryStore, small_training: Training, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry_file, "made_by", lambda: "another version")
    opened = store.open().index
    assert opened.registry.segments[0].encoded is None
    all_the_same(small_training, opened, CandidateIndex(Registry(ACCOUNTS)))


def test_a_registry_may_be_stored_without_packs(tmp_path: Path) -> None:
    store = RegistryStore(tmp_path / "plain")
    put = store.replace(Registry(ACCOUNTS[:9]), encoded=False)
    assert put.index.registry.segments[0].encoded is store.open().index.registry.segments[0].encoded is None


def test_packs_are_kept_where_an_opened_registry_is_put_in_force_again(
    store: RegistryStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = store.open().index.registry
    monkeypatch.delattr(registry_store, "encode_segment")
    other = RegistryStore(tmp_path / "other")
    other.replace(opened)
    assert other.open().index.registry.segments[0].encoded is not None


def test_packs_are_the_same_in_another_process() -> None:
    seed = "1" if os.environ.get("PYTHONHASHSEED") == "2" else "2"
    environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-c", ELSEWHERE], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == content(ACCOUNTS[:60])


def test_many_accounts_are_packed_in_parts_and_each_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    whole = content(ACCOUNTS)
    monkeypatch.setattr(encoding_module, "_PART", 30)
    monkeypatch.setattr(encoding_module, "_FEWEST", 3)
    assert content(ACCOUNTS) == whole
    encode_segment(ACCOUNTS[:70], watch=told.append)
    assert told == [30, 30, 10]


def source_files(directory: Path) -> list[Path]:
    """The files below a copy of the classifier's directory that packs are made by."""
    roots = [directory / name for name in SOURCES]
    return [path for root in roots for path in ([root] if root.is_file() else sorted(root.rglob("*.[pt][yx]*")))
            if path.suffix in (".py", ".txt")]  # fmt: skip


def module_file(name: str) -> Path | None:
    """The file of a module, or of the one that a name is imported from."""
    path = ROOT.joinpath(*name.split("."))
    for found in (path.with_suffix(".py"), path / "__init__.py"):
        if found.exists():
            return found
    return module_file(name.rpartition(".")[0]) if "." in name else None


def all_that_packing_imports() -> dict[Path, set[str]]:
    """The files that packing runs, directly or through others, each with the names it imports."""
    found: dict[Path, set[str]] = {}
    waiting = [CLASSIFIER / "storage" / "encoded_accounts.py"]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found[path] = imported(path)
            files = (module_file(name) for name in found[path] if name.startswith("classifier."))
            waiting += [file for file in files if file]
    return found


def test_what_packs_are_made_by_is_all_that_packing_imports() -> None:
    known = {CLASSIFIER / "errors.py", *source_files(CLASSIFIER)}  # what an error says changes no pack
    found = all_that_packing_imports()
    assert len(found) > 20, "followed from file to file"
    assert set(found) <= known
    roots = {name.split(".")[0] for names in found.values() for name in names} - {"classifier", "__future__"}
    assert roots - set(sys.stdlib_module_names) - {"joblib", "rapidfuzz"} <= set(LIBRARIES), "what packs go through"


def test_any_other_source_makes_other_packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SOURCES:
        own = CLASSIFIER / name
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copytree(own, tmp_path / name) if own.is_dir() else shutil.copy(own, tmp_path / name)
    monkeypatch.setattr(encoding_module, "files", lambda _: tmp_path)
    assert made_by.__wrapped__() == made_by()
    assert {path.parent.name for path in source_files(tmp_path)} >= {"unicode", "utils", "features"}
    for path in source_files(tmp_path):
        before = path.read_bytes()
        path.write_bytes(before + b"#")
        assert made_by.__wrapped__() != made_by(), path.name
        path.write_bytes(before)
    monkeypatch.setattr(encoding_module, "LIBRARIES", LIBRARIES[1:])
    assert made_by.__wrapped__() != made_by()
