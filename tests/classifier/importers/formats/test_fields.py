"""Single fields: what each reads, and what it takes for missing, a placeholder included (R8)."""

import math
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.importers.formats.fields import COUNT_LIMIT, HANDLE_LIMIT, ID_LIMIT, PLATFORM_FIRST, WEB_FIRST, Fields
from classifier.importers.results import RowError

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MISSING = [None, "", "  ", "None", "null", "NULL", "nan", "NaN", "NaT", "<NA>"]


@pytest.fixture
def fields() -> Fields:
    return Fields(NOW)


def test_a_naive_clock_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="aware"):
        Fields(datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize("value", MISSING)
def test_words_for_missing_are_missing_without_a_note(fields: Fields, value: object) -> None:
    found = [
        fields.text("bio", value),
        fields.count("followers", value),
        fields.time("created_at", value),
        fields.flag("verified", value),
        fields.pdq("avatar_pdq", value),
        fields.identifier("account_id", value),
        fields.platform(value),
    ]
    assert found == [None] * 7
    assert fields.texts("aliases", value) == fields.handles("secondary_handles", value) == ()
    assert fields.notes == ()


@pytest.mark.parametrize(
    ("value", "text", "notes"),
    [
        (" Jane Roe ", "Jane Roe", ()),
        ("Null", "Null", ()),  # a surname
        (1984, "1984", ()),
        ("\x00None", None, ("display_name: control characters removed",)),
        ("Ja\x00ne", "Jane", ("display_name: control characters removed",)),
        ("Ja\u202ene", "Jane", ("display_name: direction controls removed",)),
        ("Jane\ud800", "Jane\ufffd", ("display_name: unpaired surrogates replaced",)),
        ("a" * 201, "a" * 200, ("display_name: too long, cut",)),
        (math.nan, None, ()),
        (True, None, ("display_name: not text, treated as missing",)),
        (1.5, None, ("display_name: not text, treated as missing",)),
        ({"a": 1}, None, ("display_name: not text, treated as missing",)),
        pytest.param(10**5000, None, ("display_name: not text, treated as missing",), id="huge"),
    ],
)
def test_text(fields: Fields, value: object, text: str | None, notes: tuple[str, ...]) -> None:
    assert fields.text("display_name", value) == text
    assert fields.notes == notes


@pytest.mark.parametrize(
    ("name", "limit"), [("display_name", 200), ("bio", 5_000), ("location", 500), ("links", 2_000)]
)
def test_text_limits(fields: Fields, name: str, limit: int) -> None:
    assert fields.text(name, "a" * limit) == "a" * limit
    assert fields.notes == ()
    assert fields.text(name, "a" * 10 * limit) == "a" * limit
    assert fields.notes == (f"{name}: too long, cut",)


@pytest.mark.parametrize(
    ("value", "count"), [(0, 0), (12, 12), ("12", 12), (" 12 ", 12), ("12.0", 12), (12.0, 12), (COUNT_LIMIT, 10**10)]
)
def test_counts(fields: Fields, value: object, count: int) -> None:
    assert fields.count("followers", value) == count
    assert fields.notes == ()


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (-1, "below zero"),
        ("-3", "below zero"),
        (10**10 + 1, "above 10,000,000,000"),
        (10**400, "above 10,000,000,000"),
        (1e300, "above 10,000,000,000"),
        (math.nan, "not a whole number"),
        (math.inf, "not a whole number"),
        (12.5, "not a whole number"),
        ("many", "not a whole number"),
        ("1,200", "not a whole number"),
        ("1.2K", "not a whole number"),
        ("\u0661\u0662", "not a whole number"),
        ("9" * 5000, "not a whole number"),
        (True, "not a whole number"),
        ([12], "not a whole number"),
    ],
)
def test_counts_out_of_range_are_missing(fields: Fields, value: object, why: str) -> None:
    assert fields.count("followers", value) is None
    assert fields.notes == (f"followers: {why}, treated as missing",)


@pytest.mark.parametrize(
    "value",
    [
        "2012-02-01T17:49:30Z",
        "2012-02-01T17:49:30.000Z",
        "2012-02-01t17:49:30z",
        "2012-02-01 17:49:30",
        "2012-02-01 17:49:30 UTC",
        "2012-02-01T19:49:30+02:00",
        " 2012-02-01 17:49:30+00:00 ",
        "Wed Feb 01 17:49:30 +0000 2012",
        "Wed Feb 01 18:49:30 +0100 2012",
        1328118570,
        1328118570.0,
        "1328118570",
        1328118570000,
        datetime(2012, 2, 1, 17, 49, 30, tzinfo=UTC),
        datetime(2012, 2, 1, 17, 49, 30),  # noqa: DTZ001 - a naive time is UTC
        datetime(2012, 2, 1, 12, 49, 30, tzinfo=timezone(timedelta(hours=-5))),
    ],
)
def test_times(fields: Fields, value: object) -> None:
    found = fields.created(value, "x")
    assert found == datetime(2012, 2, 1, 17, 49, 30, tzinfo=UTC)
    assert found.utcoffset() == timedelta(0)
    assert fields.notes == ()


@pytest.mark.parametrize("value", ["2012-02-01", date(2012, 2, 1)])
def test_a_date_is_its_first_moment(fields: Fields, value: object) -> None:
    assert fields.time("created_at", value) == datetime(2012, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    ["soon", "2012", "2012-13-01", "Wed Foo 01 17:49:30 +0000 2012", "Wed Feb 31 17:49:30 +0000 2012", "\ud800", True,
     [], {}, 10**14, 10**400, math.inf, "0001-01-01T00:00+14:00", "2012-02-01T25:00:00Z", b"2012-02-01"],
)  # fmt: skip
def test_what_is_no_time_is_missing(fields: Fields, value: object) -> None:
    assert fields.created(value, "x") is None
    assert fields.notes == ("created_at: not a time, treated as missing: write it as in RFC 3339",)


@pytest.mark.parametrize(("platform", "first"), [*PLATFORM_FIRST.items(), (None, WEB_FIRST), ("elsewhere", WEB_FIRST)])
def test_nothing_was_created_before_its_platform(platform: str | None, first: datetime) -> None:
    fields = Fields(NOW)
    assert fields.created(first, platform) == first
    assert fields.notes == ()
    assert fields.created(first - timedelta(seconds=1), platform) is None
    assert fields.notes == ("created_at: before the platform existed, treated as missing",)


def test_nothing_was_created_in_the_future(fields: Fields) -> None:
    slack = NOW + timedelta(days=1)
    assert fields.time("created_at", slack) == slack
    assert fields.time("created_at", slack + timedelta(seconds=1)) is None
    assert fields.notes == ("created_at: in the future, treated as missing",)


@pytest.mark.parametrize("value", [True, "True", "true", "1", "1.0", 1, 1.0, " YES "])
def test_yes(fields: Fields, value: object) -> None:
    assert fields.flag("verified", value) is True


@pytest.mark.parametrize("value", [False, "False", "0", 0, 0.0, "no"])
def test_no(fields: Fields, value: object) -> None:
    assert fields.flag("verified", value) is False


@pytest.mark.parametrize("value", ["maybe", 2, -1, [], "2"])
def test_neither_yes_nor_no(fields: Fields, value: object) -> None:
    assert fields.flag("verified", value) is None
    assert fields.notes == ("verified: neither true nor false, treated as missing",)


@pytest.mark.parametrize("value", ["ab" * 32, "AB" * 32, f" {'ab' * 32} "])
def test_pdq(fields: Fields, value: str) -> None:
    assert fields.pdq("avatar_pdq", value) == "ab" * 32


@pytest.mark.parametrize("value", ["ab" * 31, "ab" * 33, "zz" * 32, 7, ["ab" * 32]])
def test_pdq_of_another_form_is_missing(fields: Fields, value: object) -> None:
    assert fields.pdq("avatar_pdq", value) is None
    assert fields.notes == ("avatar_pdq: not 64 hexadecimal digits, treated as missing",)


@pytest.mark.parametrize("value", [12, "12", " 12 ", "did:plc:abc", 2**53, 2**53 + 1, str(2**63), "0012", 2**63 - 1])
def test_identifiers(fields: Fields, value: object) -> None:
    assert fields.identifier("account_id", value) == str(value).strip()
    assert fields.notes == ()


@pytest.mark.parametrize(
    "value", [12.0, "12.0", "12.000", "'12", '="12"', "ID_12", "id: 12", "\u200b12", "１２", '"12"']
)
def test_identifiers_as_programs_and_spreadsheets_spell_them(fields: Fields, value: object) -> None:
    assert fields.identifier("account_id", value) == "12"
    assert fields.notes == ()


@pytest.mark.parametrize(
    "value",
    [
        2**53 + 8, 1.2e17, 1294030472427835400, "1294030472427830000", "1,294,030,472,427,830,000", "1.23457E+17",
        "1e+17", "1,23457E+17", "12.", "12.5", float(2**60), "1234567890123456.0",
    ],
)  # fmt: skip
def test_identifiers_that_may_be_rounded_are_missing(fields: Fields, value: object) -> None:
    assert fields.identifier("account_id", value) is None
    assert fields.notes == ("account_id: a number that may have been rounded, treated as missing: give it as text",)


def test_an_identifier_is_never_cut(fields: Fields) -> None:
    assert fields.identifier("account_id", "9" * ID_LIMIT) == "9" * ID_LIMIT
    assert fields.identifier("account_id", "9" * (ID_LIMIT + 1)) is None
    assert fields.notes == ("account_id: longer than 2,048 characters, treated as missing",)


@pytest.mark.parametrize(
    ("value", "handle"),
    [
        ("JaneRoe", "JaneRoe"),
        ("@JaneRoe", "JaneRoe"),
        (" @ JaneRoe ", "JaneRoe"),
        (1984, "1984"),
        ("jane@a.example",) * 2,
    ],
)
def test_handles(fields: Fields, value: object, handle: str) -> None:
    assert fields.handle(value) == handle


@pytest.mark.parametrize("value", [None, "", " ", "@", math.nan, "\x00", [], {}, True, 1.5, "/", "@/ @", " // "])
def test_a_row_without_a_handle_is_rejected(fields: Fields, value: object) -> None:
    with pytest.raises(RowError) as caught:
        fields.handle(value)
    assert (caught.value.reason, caught.value.field) == ("handle_missing", "handle")


def test_a_handle_is_never_cut(fields: Fields) -> None:
    assert fields.handle("@" + "a" * HANDLE_LIMIT) == "a" * HANDLE_LIMIT
    with pytest.raises(RowError) as caught:
        fields.handle("a" * (HANDLE_LIMIT + 1))
    assert (caught.value.reason, caught.value.field) == ("handle_too_long", "handle")


@pytest.mark.parametrize("word", ["null", "None", "nan"])
def test_a_handle_like_a_word_for_missing_is_kept(fields: Fields, word: str) -> None:
    assert fields.handle(word) == word
    assert fields.notes == ("handle: reads like a missing value, kept",)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("Jane|J. Roe", ("Jane", "J. Roe")),
        ("Jane||Jane| ", ("Jane",)),
        (r"AC\|DC|back\\slash|C:\dir", ("AC|DC", r"back\slash", r"C:\dir")),
        (["Jane", "J|R", None, ""], ("Jane", "J|R")),
        (("Jane",), ("Jane",)),
    ],
)
def test_lists(fields: Fields, value: object, found: tuple[str, ...]) -> None:
    assert fields.texts("aliases", value) == found
    assert fields.notes == ()


@pytest.mark.parametrize("value", [1.5, True, {"a": 1}])
def test_what_is_no_list_is_empty(fields: Fields, value: object) -> None:
    assert fields.texts("aliases", value) == ()
    assert fields.notes == ("aliases: not a list, treated as empty",)


def test_items_that_are_no_text_are_left_out(fields: Fields) -> None:
    assert fields.texts("aliases", ["Jane", ["nested"], {}]) == ("Jane",)
    assert fields.notes == ("aliases: not text, treated as missing",)


def test_at_most_fifty_links(fields: Fields) -> None:
    assert len(fields.texts("links", [f"https://{n}.example" for n in range(50)])) == 50
    assert fields.notes == ()
    assert len(fields.texts("links", [f"https://{n}.example" for n in range(51)])) == 50
    assert fields.notes == ("links: more than 50, the rest left out",)


def test_identities_in_lists_are_never_cut_or_counted(fields: Fields) -> None:
    assert len(fields.handles("secondary_handles", [f"@jane{n}" for n in range(1_000)])) == 1_000
    assert fields.handles("secondary_handles", ["null", "a" * 254, "@"]) == ("null",)
    assert fields.identifiers("secondary_ids", "12|12|9.5e+3|13") == ("12", "13")
    assert fields.notes == (
        "secondary_handles: one longer than 253 characters left out",
        "secondary_ids: a number that may have been rounded, treated as missing: give it as text",
    )


@pytest.mark.parametrize(
    ("value", "name"), [("X", "x"), ("Twitter", "x"), (" Mastodon ", "mastodon"), ("board", "board")]
)
def test_platforms(value: str, name: str) -> None:
    assert Fields(NOW).platform(value) == name
    assert Fields(NOW, value).platform("") == name


def test_a_platform_is_never_cut(fields: Fields) -> None:
    assert fields.platform("a" * 51) is None
    assert fields.notes == ("platform: longer than 50 characters, treated as missing",)


@given(st.text(min_size=4, alphabet=st.characters(categories=("L",), min_codepoint=0x400)))
def test_notes_and_errors_never_contain_the_value(secret: str) -> None:
    fields = Fields(NOW)
    value = secret * 6_000
    fields.text("bio", value)
    fields.count("followers", value)
    fields.time("created_at", value)
    fields.flag("verified", value)
    fields.pdq("avatar_pdq", value)
    fields.identifier("account_id", value)
    fields.platform(value)
    with pytest.raises(RowError) as caught:
        fields.handle(value)
    assert secret not in "".join(fields.notes) + str(caught.value)
    assert len(fields.notes) == 7
