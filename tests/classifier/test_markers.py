import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier import markers
from classifier.text import normal, words


@pytest.mark.parametrize(
    "text",
    [
        "Jane Roe (parody)", "Not Jane Roe", "Jane Roe Fans", "Fan account for Jane Roe", "Jane Roe fanpage",
        "Satire", "Commentary on Northwind", "fake Jane Roe", "Not affiliated with Northwind", "Unofficial",
        "Inoffizielle Seite", "cuenta no oficial", "Неофициальный аккаунт", "Пародия", "非公式", "팬 계정",
        "حساب ساخر", "A bot that posts quotes", "Tribute to Jane Roe",
    ],
)  # fmt: skip
def test_parodies_and_fans_are_known_by_their_own_words(text: str) -> None:
    assert markers.declares_parody(normal(text))


@pytest.mark.parametrize(
    "text",
    ["Jane Roe", "Official account", "I love fantasy and fanfares", "Robotics and botany", "Notary in Tamstad", ""],
)
def test_ordinary_words_declare_no_parody(text: str) -> None:
    assert not markers.declares_parody(normal(text))


@pytest.mark.parametrize(
    "text",
    [
        "Message me on Telegram", "DM me for investment tips", "WhatsApp me now", "Giveaway live, claim now",
        "Contact support on Telegram to recover funds", "Send 1 get 2", "Guaranteed profit", "Loan offer",
        "Schreib mir auf Telegram", "Пишите мне в личку", "Escríbeme por WhatsApp", "gift card winners",
    ],
)  # fmt: skip
def test_lures_are_seen(text: str) -> None:
    assert markers.lures(normal(text))


@pytest.mark.parametrize("text", ["I love messages in bottles", "Painter. Writer. Nothing to sell", "Signal lamps", ""])
def test_ordinary_bios_lure_nobody(text: str) -> None:
    assert not markers.lures(normal(text))


def test_word_lists_hold_single_words_in_normal_form() -> None:
    """They are compared with words as ``text.words`` yields them: any other entry would never match."""
    for word in markers.CLAIM_WORDS | markers.OFFICE_WORDS:
        assert words(word) == [word]


def test_no_word_claims_to_be_the_real_one_and_a_second_one_at_once() -> None:
    assert not markers.CLAIM_WORDS & markers.OFFICE_WORDS


def test_hosts_are_written_as_views_yield_them() -> None:
    for host in markers.COMMON_HOSTS | markers.LURE_HOSTS:
        assert re.fullmatch(r"(?!www\.)[a-z0-9-]+(\.[a-z0-9-]+)+", host)


@pytest.mark.parametrize("piece", ["not ", "dm ", "recover of ", "text me ", "claim ", "fan ", "send ", "\n", "é", "("])
def test_long_bios_take_no_more_than_their_length(piece: str) -> None:
    text = normal(piece * 20_000)
    start = time.perf_counter()
    markers.declares_parody(text)
    markers.lures(text)
    assert time.perf_counter() - start < 2.0


@given(st.text(max_size=60))
def test_what_is_declared_is_still_declared_with_words_behind_it(text: str) -> None:
    assert markers.declares_parody(f"parody account {normal(text)}")
    assert markers.lures(f"message me {normal(text)}")
