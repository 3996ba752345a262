import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.features import named
from classifier.text.normalization import handle_key
from classifier.text.punycode import readable


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("xn--bcher-kva.example", "bücher.example"),
        ("XN--BCHER-KVA.example", "BüCHER.example"),
        ("jane@xn--bcher-kva.example", "jane@bücher.example"),
        ("jane.xn--bcher-kva.example", "jane.bücher.example"),
        ("plain.example", "plain.example"),
        ("xn--.example", "xn--.example"),
        ("xn--99999999999.example", "xn--99999999999.example"),
        ("annxn--bcher-kva", "annxn--bcher-kva"),
    ],
)
def test_labels_are_read_as_they_are_shown(written: str, shown: str) -> None:
    assert readable(written) == shown


@given(st.text("xn-abz09.@", max_size=80))
def test_whatever_a_label_holds_is_read_or_left(text: str) -> None:
    readable("xn--" + text).encode()


def test_a_long_label_costs_no_more_than_a_short_one() -> None:
    start = time.perf_counter()
    readable("xn--" + "a9" * 100_000)
    assert time.perf_counter() - start < 1.0


def test_a_look_alike_in_punycode_looks_alike() -> None:
    encoded = "xn--" + "lanternwelk\u0435r".encode("punycode").decode()  # a Cyrillic e
    reported = View(Account(handle=f"{encoded}.example", platform="bluesky"))
    protected = View(ProtectedAccount(platform="bluesky", handle="lanternwelker.example"))
    assert named("handle_look_alike").compute(reported, protected) == 1.0
    assert reported.mixes_scripts


def test_an_accent_in_a_handle_is_spelling() -> None:
    encoded = "xn--" + "lanternwélker".encode("punycode").decode()
    reported = View(Account(handle=f"{encoded}.example", platform="bluesky"))
    assert reported.handle == handle_key("lanternwelker")
