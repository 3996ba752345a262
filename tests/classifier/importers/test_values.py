import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.importers.values import dig, join_list, objects, plain_name, split_list, urls_in

items = st.text(min_size=1).filter(lambda text: text.strip() == text)


@given(st.lists(items, min_size=1).map(tuple))
def test_a_list_comes_back_from_its_text(values: tuple[str, ...]) -> None:
    assert tuple(item for item in split_list(join_list(values)) if item) == values


@given(st.text())
def test_any_text_is_a_list(text: str) -> None:
    assert all(isinstance(item, str) for item in split_list(text))


def test_one_item_like_a_word_for_missing_is_no_missing_list() -> None:
    assert (join_list(("null",)), join_list(())) == ("null|", "")


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see https://a.example/b.", ["https://a.example/b"]),
        ("(HTTP://a.example), https://b.example!", ["HTTP://a.example", "https://b.example"]),
        ("<https://a.example>'https://b.example'", ["https://a.example", "https://b.example"]),
        ("a.example or ftp://a.example", []),
        ("", []),
        (None, []),
    ],
)
def test_links_in_text(text: str | None, links: list[str]) -> None:
    assert urls_in(text) == links


@pytest.mark.parametrize("value", [None, 1, "a", [], {}, {"a": None}, {"a": []}, {"a": "b"}])
def test_digging_where_there_is_nothing(value: object) -> None:
    assert dig(value, "a", "b") is None
    assert objects(value) == []


def test_digging() -> None:
    assert dig({"a": {"b": 1}}, "a", "b") == 1
    assert objects([{"a": 1}, 2, None]) == [{"a": 1}]


@pytest.mark.parametrize(
    "text",
    ["account_id", "Account ID", " ACCOUNT-ID ", "account_id\u200b", "\ufeffaccount\u00a0id"],
)
def test_a_columns_name_is_the_same_however_it_is_written(text: str) -> None:
    assert plain_name(text) == "account_id"
