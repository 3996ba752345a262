import json
import pickle
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.identity import Identity
from classifier.errors import FileFormatError, RegistryError
from classifier.importers import import_protected
from classifier.registry.registry import COLUMNS, LIST_COLUMNS, Registry

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ENDINGS = [".csv", ".jsonl", ".ndjson", ".parquet"]
JANE = ProtectedAccount(
    platform="x", handle="NorthwindJane", account_id="12", secondary_ids=("13",), secondary_handles=("JaneCampaign",),
    former_handles=("jane_roe",), display_name="Jane Roe",
)  # fmt: skip
SAM = ProtectedAccount(platform="mastodon", handle="sam@social.example", account_id="12")
REGISTRY = Registry([JANE, SAM])

texts = st.text(st.characters(exclude_categories=()), max_size=15) | st.sampled_from(
    ["null", "a|b", "a\\", "\\|", '"', "\n"]
)
lists = st.lists(texts, max_size=3)
registry_rows = st.fixed_dictionaries(
    {
        "platform": st.sampled_from(["x", "mastodon", "Twitter"]),
        # Most handles of any letters are refused: some are as people have them.
        "handle": st.from_regex(r"@?[A-Za-z0-9_]{1,12}", fullmatch=True) | texts.filter(lambda text: text.strip("@ ")),
    },
    optional={
        "account_id": texts, "display_name": texts, "bio": texts, "aliases": lists, "roles": lists, "links": lists,
        "former_handles": lists, "secondary_ids": lists, "secondary_handles": lists,
        "followers": st.integers(-1, 10**10), "tier": st.sampled_from(["high", "odd"]),
        "created_at": st.datetimes(datetime(2010, 1, 1), datetime(2026, 1, 1)),  # noqa: DTZ001 - naive is UTC
        "verified": st.booleans(), "avatar_pdq": st.sampled_from(["ab" * 32, ""]),
    },
)  # fmt: skip


def build(rows: list[dict[str, Any]]) -> Registry:
    """A registry of rows that all can be used."""
    imported = [import_protected(row, now=NOW).account for row in rows]
    return Registry([account for account in imported if account is not None])


def registries() -> st.SearchStrategy[Registry]:
    """Registries of accounts as the importers make them, one a handle and id."""

    def build(rows: list[dict[str, Any]]) -> Registry | None:
        found: dict[tuple[str, str], ProtectedAccount] = {}
        for number, row in enumerate(rows):
            account = import_protected(row | {"account_id": str(number)}, now=NOW).account
            if account is not None:
                found.setdefault((account.platform, account.handle.lstrip("@").casefold()), account)
        return Registry(found.values()) if found else None

    return st.lists(registry_rows, min_size=1, max_size=5).map(build).filter(lambda registry: registry is not None)


@pytest.mark.parametrize(
    ("account", "identity"),
    [
        (Account(platform="x", handle="anything", account_id="12"), Identity(JANE, "protected", "account_id")),
        (Account(platform="x", handle="NorthwindJane"), Identity(JANE, "protected", "handle")),
        (Account(platform="x", handle="@northwindJANE "), Identity(JANE, "protected", "handle")),
        (Account(platform="x", handle="NorthwindJane", account_id="99"), Identity(JANE, "protected", "handle")),
        (Account(platform="x", handle="anything", account_id="13"), Identity(JANE, "secondary", "account_id")),
        (Account(platform="x", handle="janecampaign"), Identity(JANE, "secondary", "handle")),
        (Account(platform="mastodon", handle="Sam@Social.example"), Identity(SAM, "protected", "handle")),
        (Account(handle="sam@social.example"), Identity(SAM, "protected", "handle")),
        (Account(handle="JANECAMPAIGN"), Identity(JANE, "secondary", "handle")),
        (Account(handle="anything", account_id="13"), Identity(JANE, "secondary", "account_id")),
        (Account(platform="mastodon", handle="NorthwindJane"), None),
        (Account(platform="x", handle="anything", account_id="99"), None),
        (Account(platform="x", handle="N0rthwindJane"), None),
        (Account(platform="x", handle="Northwind_Jane"), None),
        (Account(platform="x", handle="jane_roe"), None),  # former: somebody else may have it now
        (Account(platform="x", handle="x", account_id=""), None),
    ],
)
def test_identity(account: Account, identity: Identity | None) -> None:
    assert REGISTRY.identify(account) == identity


def test_protected_comes_before_secondary_and_an_id_before_a_handle() -> None:
    owner = ProtectedAccount(
        platform="x", handle="owner", account_id="1", secondary_ids=("2",), secondary_handles=("two",)
    )
    two = ProtectedAccount(platform="x", handle="two", account_id="2")
    registry = Registry([owner, two])
    assert registry.identify(Account(platform="x", handle="none", account_id="2")) == Identity(
        two, "protected", "account_id"
    )
    assert registry.identify(Account(platform="x", handle="owner", account_id="2")) == Identity(
        two, "protected", "account_id"
    )
    assert registry.identify(Account(platform="x", handle="two", account_id="99")) == Identity(
        two, "protected", "handle"
    )


@settings(deadline=None)
@given(registries())
def test_every_protected_and_secondary_account_is_recognised(registry: Registry) -> None:
    for account in registry:
        other = f"?@{account.handle.partition('@')[2]}" if "@" in account.handle else "?"  # of the same server
        for platform in (account.platform, None):
            found = registry.identify(Account(platform=platform, handle=account.handle.upper(), account_id="none"))
            assert found is not None or account.handle.upper().casefold() != account.handle.casefold()
            assert (
                registry.identify(Account(platform=platform, handle=other, account_id=account.account_id)) is not None
            )
            for handle in account.secondary_handles:
                assert registry.identify(Account(platform=platform, handle=handle)) is not None
            for account_id in account.secondary_ids:
                assert registry.identify(Account(platform=platform, handle=other, account_id=account_id)) is not None


@pytest.mark.parametrize(
    "handle", ["JaneRoe\u200b", "\uff2aaneRoe", "JaneRoe/", "Jane Roe", "\uff20JaneRoe", " @janeroe ", "Jane\u00adRoe"]
)
def test_a_handle_copied_with_its_surroundings_is_still_the_protected_one(handle: str) -> None:
    registry = build([{"platform": "x", "handle": "JaneRoe"}])
    assert registry.identify(Account(platform="x", handle=handle)) is not None


def test_on_mastodon_a_handle_without_its_server_is_anybodys_of_that_name() -> None:
    """A server reports its local accounts without its own name; refusing is the safe side."""
    registry = build([{"platform": "mastodon", "handle": "jane@social.example", "account_id": "7"}])
    assert registry.identify(Account(platform="mastodon", handle="jane")) is not None
    assert registry.identify(Account(platform="mastodon", handle="jane@other.example")) is None
    assert registry.identify(Account(platform="mastodon", handle="renamed@social.example", account_id="7")) is not None
    assert registry.identify(Account(platform="mastodon", handle="sam@other.example", account_id="7")) is None


def test_two_servers_may_give_the_same_id() -> None:
    rows = [
        {"platform": "mastodon", "handle": f"jane@{server}.example", "account_id": "7"} for server in ("one", "two")
    ]
    assert len(build(rows)) == 2


@settings(deadline=None)
@given(registries(), st.randoms())
def test_the_version_does_not_depend_on_the_order(registry: Registry, random: Any) -> None:
    shuffled = list(registry.accounts)
    random.shuffle(shuffled)
    other = Registry(shuffled)
    assert other == registry
    assert other.version == registry.version
    assert hash(other) == hash(registry)


def test_the_version_depends_on_the_content() -> None:
    changed = ProtectedAccount(platform="x", handle="NorthwindJane", account_id="12")
    assert Registry([changed, SAM]).version != REGISTRY.version
    assert Registry([changed, SAM]) != REGISTRY
    assert REGISTRY != "registry"
    assert len(REGISTRY.version) == 64


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("ending", ENDINGS)
@given(registry=registries())
def test_a_saved_registry_loads_equal(tmp_path: Path, ending: str, registry: Registry) -> None:
    path = tmp_path / f"registry{ending}"
    registry.save(path)
    loaded, report = Registry.load(path, NOW)
    assert loaded == registry
    assert loaded.version == registry.version
    assert report.rejected.total() == 0
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_rows_have_every_column() -> None:
    jane = next(row for row in REGISTRY.to_rows() if row["handle"] == "NorthwindJane")
    assert tuple(jane) == COLUMNS
    assert jane["secondary_ids"] == ["13"]
    assert (jane["bio"], jane["aliases"]) == (None, [])
    assert json.loads(json.dumps(jane)) == jane
    assert {"aliases", "roles", "former_handles", "links", "secondary_ids", "secondary_handles"} == LIST_COLUMNS


@pytest.mark.parametrize("failure", [OSError, KeyboardInterrupt])
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_failed_save_leaves_the_old_file(
    tmp_path: Path, ending: str, failure: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise failure

    path = tmp_path / f"registry{ending}"
    path.write_text("old")
    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(failure):
        REGISTRY.save(path)
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [(path.name, "old")]


def test_an_unknown_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match="ending"):
        REGISTRY.save(tmp_path / "registry.xlsx")
    assert not list(tmp_path.iterdir())


def test_an_empty_registry_is_refused() -> None:
    with pytest.raises(RegistryError, match="empty"):
        Registry([])


@pytest.mark.parametrize(
    ("other", "field"),
    [
        (ProtectedAccount(platform="x", handle="northwindjane", account_id="99"), "handle"),
        (ProtectedAccount(platform="x", handle="@NorthwindJane", account_id="12"), "handle"),
        (ProtectedAccount(platform="x", handle="Another", account_id="12"), "account_id"),
    ],
)
def test_contradictions_are_refused(other: ProtectedAccount, field: str) -> None:
    with pytest.raises(RegistryError) as caught:
        Registry([SAM, JANE, other])
    assert (caught.value.field, caught.value.row) == (field, 3)
    assert "row 2" in str(caught.value)
    assert "orthwind" not in str(caught.value)


@pytest.mark.parametrize("ids", [("12", "12"), (None, None)])
def test_equal_rows_are_one_whatever_the_handle_s_case(ids: tuple[str | None, str | None]) -> None:
    upper = ProtectedAccount(platform="x", handle="Jane", account_id=ids[0])
    lower = ProtectedAccount(platform="x", handle="jane", account_id=ids[1])
    assert Registry([upper, lower, upper]).accounts == Registry([lower, upper]).accounts == (upper,)


def test_accounts_without_an_id_do_not_contradict_each_other() -> None:
    assert len(Registry([ProtectedAccount(platform="x", handle=handle) for handle in ("a", "b")])) == 2


def test_a_registry_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        REGISTRY.version = "other"
    with pytest.raises(AttributeError):
        REGISTRY.extra = 1  # type: ignore[attr-defined]


def test_a_registry_can_be_sent_to_another_process() -> None:
    copy = pickle.loads(pickle.dumps(REGISTRY))  # noqa: S301 - our own
    assert copy == REGISTRY
    assert copy.identify(Account(handle="JaneCampaign")) == Identity(JANE, "secondary", "handle")


def test_loading_reports_what_is_left_without_protection(tmp_path: Path) -> None:
    path = tmp_path / "registry.csv"
    path.write_text("platform,handle,tier\nx,jane,\nx,,\nx,sam,vip\nx,sam,high\n")
    registry, report = Registry.load(path, NOW)
    assert len(registry) == 2
    assert report.lines() == [
        "4 rows read, 3 accepted, 1 rejected",
        "rejected, handle_missing: 1 (row 2): the handle is missing: every row needs one",
        "merged, equal to an earlier row: 1",
        "note, tier: unknown, treated as high: use standard or high: 1 (row 3)",
    ]


def test_contradictions_in_a_file_name_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "registry.csv"
    path.write_text("platform,handle,account_id\nx,,1\nx,jane,2\nx,sam,3\nx,jane,4\n")
    with pytest.raises(RegistryError) as caught:
        Registry.load(path, NOW)
    assert caught.value.row == 4
    assert "row 2" in caught.value.message


def test_a_file_without_one_usable_row_says_why(tmp_path: Path) -> None:
    path = tmp_path / "registry.csv"
    path.write_text("name,followers\njane,7\n")
    with pytest.raises(RegistryError, match="platform_missing"):
        Registry.load(path, NOW)


@pytest.mark.parametrize("changed", [False, True])
def test_a_registry_goes_to_another_process(changed: bool) -> None:
    registry = Registry([ProtectedAccount(platform="x", handle=f"Quill{number}") for number in range(7)])
    if changed:
        registry = registry.changed(put=[ProtectedAccount(platform="x", handle="QuillNew")], withdraw=[("x", "quill0")])
    again = pickle.loads(pickle.dumps(registry))  # noqa: S301 - of this test
    assert again == registry
    assert again.version == registry.version
    assert again.identify(Account(platform="x", handle="quill3")) == registry.identify(
        Account(platform="x", handle="quill3")
    )


def test_a_registry_shows_a_few_accounts_and_no_text_as_markup() -> None:
    registry = Registry(
        [ProtectedAccount(platform="x", handle=f"Quill{number}", display_name="<b>Q</b>") for number in range(7)]
    )
    assert repr(registry) == f"<Registry of 7 protected accounts on x, version {registry.version[:12]}>"
    shown = registry._repr_html_()
    assert "&lt;b&gt;Q" in shown
    assert "and 2 more" in shown
