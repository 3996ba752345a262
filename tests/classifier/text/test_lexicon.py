import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.text import lexicon
from classifier.text.normalization import normal, words


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
    assert lexicon.declares_parody(normal(text))


@pytest.mark.parametrize(
    "text",
    [
        "Jane Roe", "Official account", "I love fantasy and fanfares", "Robotics and botany", "Notary in Tamstad", "",
        "Not a fan of Jane Roe", "no fan of mornings", "Big fan of jazz", "I love my fans", "To my dear fans",
        "Private chat for my fans", "Fan mail", "mis fans", "meine fans",
    ],
)  # fmt: skip
def test_ordinary_words_declare_no_parody(text: str) -> None:
    assert not lexicon.declares_parody(normal(text))


@pytest.mark.parametrize(
    "text",
    [
        "Message me on Telegram", "DM me for investment tips", "WhatsApp me now", "Giveaway live, claim now",
        "Contact support on Telegram to recover funds", "Send 1 get 2", "Guaranteed profit", "Loan offer",
        "Schreib mir auf Telegram", "Пишите мне в личку", "Escríbeme por WhatsApp", "gift card winners",
    ],
)  # fmt: skip
def test_lures_are_seen(text: str) -> None:
    assert lexicon.lures(normal(text))


@pytest.mark.parametrize("text", ["I love messages in bottles", "Painter. Writer. Nothing to sell", "Signal lamps", ""])
def test_ordinary_bios_lure_nobody(text: str) -> None:
    assert not lexicon.lures(normal(text))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Message me on Telegram", {"messenger", "urges"}), ("Find me via Signal", {"messenger"}),
        ("+44 7700 900123", {"messenger"}), ("t.me/jane", {"messenger"}), ("Inbox me privately", {"urges"}),
        ("Giveaway", {"money"}), ("Guaranteed daily profit", {"money"}), ("Account recovery", {"recovery"}),
        ("We recover lost funds", {"recovery"}), ("Розыгрыш, пишите в личку", {"money", "urges"}),
        ("加我微信", {"messenger", "urges"}), ("استثمار", {"money"}), ("Sorteo, escríbeme", {"money", "urges"}),
        ("Painter in Tamstad", set()),
    ],
)  # fmt: skip
def test_lures_are_told_apart_by_what_they_want(text: str, kinds: set[str]) -> None:
    assert lexicon.lures(normal(text)) == kinds


@pytest.mark.parametrize(
    "text",
    [
        "Backup account of Jane", "My main account is @jane", "Jane's agent", "Customer service of Northwind",
        "Here to help", "Cuenta privada de Jane", "Compte officiel", "Личный аккаунт", "Conta reserva", "官方账号",
        "özel hesap", "Kundenservice", "My account was hacked", "On behalf of Jane Roe", "الحساب الجديد حساب رسمي",
    ],
)  # fmt: skip
def test_who_speaks_for_somebody_is_known_by_his_own_words(text: str) -> None:
    assert lexicon.speaks_for(normal(text))


@pytest.mark.parametrize("text", ["I love cats", "Painter. Harbours and bays", "Photographer", "Jane Roe", ""])
def test_ordinary_bios_speak_for_nobody_and_declare_no_office(text: str) -> None:
    assert not lexicon.speaks_for(normal(text))
    assert not lexicon.declares_office(normal(text))


@pytest.mark.parametrize(
    "text",
    [
        "Press office of Jane Roe", "Campaign account", "Jane Roe for Congress", "Office of the Mayor", "Re-elect Jane",
        "Personal account",
        "Tweets by staff", "Northwind en español", "Pressestelle", "Пресс-служба", "cuenta personal",
        "Paid for by friends of Jane", "We are hiring",
    ],
)  # fmt: skip
def test_offices_are_known_by_their_own_words(text: str) -> None:
    assert lexicon.declares_office(normal(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CEO of Northwind", "Chief Executive Officer of Northwind"), ("CEO Northwind", "Geschäftsführer Northwind"),
        ("CEO Northwind", "генеральный директор Northwind"), ("Mayor", "Alcaldesa"), ("Mayor", "Bürgermeister"),
        ("Mayor", "市長"), ("Prime Minister", "Premier ministre"), ("Prime Minister", "رئيس الوزراء"),
        ("President", "Президент"), ("President", "대통령"), ("Senator", "Sen"), ("Coach", "Entrenador"),
        ("Founder", "Co-Founder"), ("Minister", "Ministro"), ("Member of Parliament", "MP"),
    ],
)  # fmt: skip
def test_a_title_is_one_title_in_every_language(one: str, other: str) -> None:
    assert lexicon.canonical(normal(one)) == lexicon.canonical(normal(other))


@pytest.mark.parametrize(("one", "other"), [("Mayor", "Minister"), ("CEO", "CFO"), ("President", "Premier")])
def test_other_titles_stay_other_titles(one: str, other: str) -> None:
    assert lexicon.canonical(normal(one)) != lexicon.canonical(normal(other))


@pytest.mark.parametrize("text", ["compass", "seniority", "repair", "mpeg", "prefeitos", "painter of harbours"])
def test_a_title_is_a_whole_word(text: str) -> None:
    assert lexicon.canonical(text) == text


@given(st.text(max_size=60))
def test_a_canonical_title_is_not_replaced_again(text: str) -> None:
    once = lexicon.canonical(normal(text))
    assert lexicon.canonical(once) == once


def test_titles_are_written_in_normal_form() -> None:
    """They are matched against text in normal form: any other entry would never match."""
    assert [title for title in lexicon._SYNONYMS if normal(title) != title] == []


def test_word_lists_hold_single_words_in_normal_form() -> None:
    """They are compared with words as ``normalization.words`` yields them: any other entry would never match."""
    for word in lexicon.CLAIM_WORDS | lexicon.OFFICE_WORDS:
        assert words(word) == [word]


def test_few_words_claim_to_be_the_real_one_and_a_second_one_at_once() -> None:
    """Those that impostors and offices both use; any other would say yes to both questions and tell nothing."""
    both = lexicon.CLAIM_WORDS & lexicon.OFFICE_WORDS
    assert both == {"hq", "personal"}


def test_hosts_are_written_as_views_yield_them() -> None:
    for host in lexicon.COMMON_HOSTS | lexicon.LURE_HOSTS:
        assert re.fullmatch(r"(?!www\.)[a-z0-9-]+(\.[a-z0-9-]+)+", host)


PATTERNS = [
    *lexicon._LURES.values(), lexicon._OFFICE, lexicon._PARODY, lexicon._NO_PARODY, lexicon._SPEAKS, lexicon._TITLE,
]  # fmt: skip


@pytest.mark.parametrize(
    "piece",
    [
        "not ", "dm ", "recover of ", "text me ", "claim ", "fan ", "send ", "\n", "é", "(", "guaranteed ", "my ",
        "+1 ",
        "+1 1", "1 ", "for for ", "team ", "real ", "privat", "personal accoun", "chief executive", "my a fan",
    ],
)  # fmt: skip
def test_hostile_bios_take_no_more_than_their_length(piece: str) -> None:
    text = normal(piece * 100_000)[:100_000]
    for pattern in PATTERNS:
        start = time.perf_counter()
        for _ in pattern.finditer(text):
            pass
        assert time.perf_counter() - start < 1.0, pattern.pattern[:40]


@given(st.text(max_size=60))
def test_what_is_declared_is_still_declared_with_words_behind_it(text: str) -> None:
    assert lexicon.declares_parody(f"parody account {normal(text)}")
    assert lexicon.lures(f"message me {normal(text)}")


def said_of_titles() -> st.SearchStrategy[str]:
    """Titles in any text, whole and broken off, and the letters that end or do not end a word."""
    pieces = st.sampled_from([*lexicon._SYNONYMS, "ceo", "chief", "खा", "ाष्ट्र", " ", "-", ".", "@", "\u093e", "x", "_"])
    return st.lists(pieces | st.text(max_size=3), max_size=6).map("".join)


@given(said_of_titles())
def test_the_short_way_past_texts_without_a_title_misses_none(text: str) -> None:
    assert lexicon.canonical(text) == lexicon._TITLE.sub(lambda title: lexicon._SYNONYMS[title[0]], text)


@pytest.mark.parametrize(
    "text",
    [
        "my old account was hacked", "new account, lost access", "backup of @jane", "nueva cuenta", "me hackearon",
        "customer service, we reply", "второй, запасной аккаунт", "yeni hesabım", "客服", "new profile",
    ],
)  # fmt: skip
def test_what_an_owner_writes_about_another_account_is_told(text: str) -> None:
    assert lexicon.owner_may_say(normal(text))


@pytest.mark.parametrize("text", ["", "I love cats", "Mayor of Tamstad", "new harbour, old town", "I count on you"])
def test_what_everybody_writes_is_not_of_an_owner(text: str) -> None:
    assert not lexicon.owner_may_say(normal(text))
