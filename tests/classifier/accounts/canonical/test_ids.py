from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.canonical.ids import fits, is_rounded_number, prove_two, read_id

ID = "1187340562219843587"
DIDS = ("did:plc:abcdefghijklmnopqrstuvwx", "did:plc:abcdefghijklmnopqrstuvw2")


@pytest.mark.parametrize(
    "text",
    [
        ID,
        f" {ID} ",
        f"'{ID}",
        f"’{ID}",
        f'"{ID}"',
        f'="{ID}"',
        f'= "{ID}"',
        f"='{ID}'",
        f"ID_{ID}",
        f"id:{ID}",
        f"ID {ID}",
        f"uid={ID}",
        f"user_id {ID}",
        f"twitter:{ID}",
        f"x_{ID}",
        f"#{ID}",
        f"\u200b{ID}\ufeff",
        f"{ID}\u202c",
        "1,187,340,562,219,843,587",
        "1 187 340 562 219 843 587",
        "1.187.340.562.219.843.587",
        "1'187'340'562'219'843'587",
        "1\u202f187\u202f340\u202f562\u202f219\u202f843\u202f587",
        "１１８７３４０５６２２１９８４３５８７",
    ],
)
def test_every_spelling_of_an_exact_id_is_read(text: str) -> None:
    assert read_id(text) == (ID, "")


@pytest.mark.parametrize(
    "text",
    [
        "1.18734E+18",
        "1,18734E+18",
        "1.187340562219843e18",
        "1e18",
        "1187340562219840000",
        "1187340562219843587.0",
        "12.",
        "12.5",
        "1,187,340,562,219,840,000",
        "ID_1187340562219840000",
        "'1187340562219840000",
        "1.187",
    ],
)
def test_what_may_have_been_rounded_is_no_id(text: str) -> None:
    account_id, why = read_id(text)
    assert account_id is None
    assert "rounded" in why


@pytest.mark.parametrize(
    "text",
    [
        "unknown",
        "N/A",
        "#N/A",
        "n.a.",
        "None",
        "NULL",
        "nil",
        "-",
        "--",
        "?",
        "0",
        "000",
        "-1",
        "=''",
        "'",
        "#REF!",
        "tbd",
        "Not available",
    ],
)
def test_what_stands_for_no_id_is_none(text: str) -> None:
    account_id, why = read_id(text)
    assert account_id is None
    assert "no id" in why


@pytest.mark.parametrize(
    "text", ["did:plc:abc", "0012", "u12", "01H8XGJWBWBAQ4Z8KQ5J5Y5Z5A", "https://a.example/users/j", "a-1"]
)
def test_other_ids_stay_as_they_are(text: str) -> None:
    assert read_id(text) == (text, "")


@given(st.integers(10**15, 2**63 - 1))
def test_a_number_that_a_spreadsheet_or_a_program_rounded_proves_nothing(number: int) -> None:
    kept = int(Decimal(f"{Decimal(number):.14e}"))  # as a spreadsheet writes it
    for rounded in (kept, int(float(kept)), int(float(number))):
        assert not prove_two(str(number), str(rounded), "x")
    for rounded in (kept, int(float(kept))):
        assert read_id(str(rounded))[0] is None or len(str(rounded)) <= 15


@pytest.mark.parametrize(
    ("number", "rounded"),
    [
        (12, False),
        (1294030472427835393, False),
        (1294030472427835400, True),
        (1294030472427830000, True),
        (2**53, False),
        (10**30 + 1, False),
    ],
)
def test_numbers(number: int, rounded: bool) -> None:
    assert is_rounded_number(number) == rounded


@pytest.mark.parametrize(
    ("account_id", "platform", "is_one"),
    [
        (ID, "x", True),
        ("12", "x", True),
        ("012", "x", False),
        ("0", "x", False),
        ("9" * 19, "x", False),
        ("9" * 20, "x", False),
        ("u12", "x", False),
        (DIDS[0], "x", False),
        ("١٢", "x", False),
        (DIDS[0], "bluesky", True),
        ("did:web:jane.example", "bluesky", True),
        ("12", "bluesky", False),
        ("jane", "bluesky", False),
        ("109348812345678901", "mastodon", True),
        ("https://a.example/users/jane", "mastodon", True),
        ("01H8XGJWBWBAQ4Z8KQ5J5Y5Z5A", "mastodon", True),
        ("jane!", "mastodon", False),
        ("017", "mastodon", False),
        ("anything", "forum", True),
        ("anything", None, True),
    ],
)
def test_the_form_of_a_platform_s_ids(account_id: str, platform: str | None, is_one: bool) -> None:
    assert fits(account_id, platform) == is_one


@pytest.mark.parametrize(
    ("one", "other", "platform", "proved"),
    [
        (ID, "881234567", "x", True),
        (ID, ID, "x", False),
        (ID, None, "x", False),
        (None, None, "x", False),
        (ID, "881234567", None, False),
        (ID, "unknown", "x", False),
        (ID, "0881234567", "x", False),
        (ID, "1187340562219840000", "x", False),
        (ID, "1187340562219843600", "x", False),
        (ID, "1187340562219843586", "x", False),
        (*DIDS, "bluesky", True),
        (DIDS[0], DIDS[0].upper(), "bluesky", False),
        (DIDS[0], "did:plc:short", "bluesky", False),
        (DIDS[0], "did:web:jane.example", "bluesky", True),
        (DIDS[0], "881234567", "bluesky", False),
        ("109348812345678901", "17", "mastodon", True),
        ("17", "https://a.example/users/jane", "mastodon", False),
        ("17", "01H8XGJWBWBAQ4Z8KQ5J5Y5Z5A", "mastodon", False),
        ("12", "13", "forum", True),
        ("12", "ab", "forum", False),
        ("a-1", "b-2", "forum", True),
        ("a-1", "b2c", "forum", False),
        ("012", "13", "forum", False),
        ("N/A", "13", "forum", False),
    ],
)
def test_what_proves_two_accounts(one: str | None, other: str | None, platform: str | None, proved: bool) -> None:
    assert prove_two(one, other, platform) == proved
    assert prove_two(other, one, platform) == proved


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(["x", "bluesky", "mastodon", "forum", None]))
def test_no_text_breaks_it(one: str, other: str, platform: str | None) -> None:
    found, why = read_id(one)
    assert (found is None) == bool(why)
    if found is not None:
        assert fits(found, platform) in (True, False)
    assert not prove_two(one, one, platform)
    prove_two(one, other, platform)


@pytest.mark.parametrize(
    "text",
    ["١٢٩٤٠٣٠٤٧٢٤٢٧٨٣٥٣٩٣", "۱۲۹۴۰۳۰۴۷۲۴۲۷۸۳۵۳۹۳", "१२९४०३०४७२४२७८३५३९३", "１２９４０３０４７２４２７８３５３９３"],
)
def test_the_digits_of_every_script_are_digits(text: str) -> None:
    assert read_id(text) == ("1294030472427835393", "")


@pytest.mark.parametrize(
    "text", ["N / A", "(unknown)", "[deleted]", "Unknown ID", "not applicable", "None given", "—", "…", "[]", "tba"]
)
def test_placeholders_in_any_spelling_are_no_ids(text: str) -> None:
    assert read_id(text)[0] is None


@pytest.mark.parametrize(
    "number",
    ["11111", "999999999", "1111111111111111111", "123456789", "1234567890", "9876543210", str(2**63 - 1)],
)
def test_a_number_that_somebody_typed_in_proves_nothing(number: str) -> None:
    assert not prove_two(number, "1187340562219843587", "x")
    assert not prove_two("1187340562219843587", number, "x")


@pytest.mark.parametrize("number", ["12", "10101", "112233445", "1234567891", "881234567"])
def test_a_number_that_only_has_a_pattern_may_be_an_id(number: str) -> None:
    assert prove_two(number, "1187340562219843587", "x")
