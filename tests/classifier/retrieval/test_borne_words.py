"""Borne words: whoever is named by a word anywhere is found, the most prominent first, and no more than said."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.registry.registry import Registry
from classifier.retrieval import borne_words
from classifier.retrieval.borne_words import (
    FEWEST_BITS,
    LONGEST_TEXT,
    MOST_FOUND,
    OWNERS_OF_A_WORD,
    SHORTEST_PIECE,
    words_of,
)
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.retrieval.query import Queries, packed
from classifier.retrieval.segment_index import KeyIndex
from classifier.simulation.population import invent_registry

JANE = ProtectedAccount(
    platform="x", handle="HarbourBraid", display_name="Jane Quillon", aliases=("Wetherby Oxmoor",),
    roles=("Mayor of Tamstad",), followers=5_000,
)  # fmt: skip
OTHERS = list(invent_registry(60, seed=23))
ACCOUNTS = [*OTHERS[:30], JANE, *OTHERS[30:]]
# Words that JANE may be called by; what makes no word with them and fits in beside them.
BORNE = ("quillon", "harbourbraid", "tamstad", "oxmoor", "janequillon", "jquillon")
fillers = st.text("xkzq7", max_size=10)


@pytest.fixture(scope="module")
def index() -> KeyIndex:
    return KeyIndex.of(ACCOUNTS)


def query(*accounts: dict[str, object]) -> Queries:
    return Queries.of([View(Account(**{"handle": "u5583"} | said)) for said in accounts])  # type: ignore[arg-type]


def borne(index: KeyIndex, *asked: dict[str, object], gone: Sequence[int] = ()) -> list[list[ProtectedAccount]]:
    """Whom the words of each asked account name, the likeliest first."""
    owners, _, firsts = index.borne(query(*asked), np.isin(index.rows, gone))
    found = [ACCOUNTS[row] for row in index.rows[owners].tolist()]
    return [found[first:stop] for first, stop in pairwise(firsts.tolist())]


@pytest.mark.parametrize("word", BORNE)
@given(before=fillers, behind=fillers)
def test_a_word_in_a_handle_a_name_or_a_link_is_found_whatever_stands_around(
    index: KeyIndex, word: str, before: str, behind: str
) -> None:
    text = before + word + behind
    said: list[dict[str, object]] = [
        {"handle": text}, {"handle": f"{before}_{word}.{behind}"}, {"display_name": text},
        {"display_name": f"{before} {word.upper()} {behind}"}, {"links": (f"https://t.me/{text}",)},
        {"bio": f"write to t.me/{text} today"}, {"links": (f"https://{word}.example/help",)},
    ]  # fmt: skip
    assert [JANE in found for found in borne(index, *said)] == [True] * len(said)


@pytest.mark.parametrize("word", BORNE)
def test_a_word_of_the_bio_counts_as_a_word_and_not_within_another(index: KeyIndex, word: str) -> None:
    alone, within = borne(index, {"bio": f"I help {word} today"}, {"bio": f"I help ab{word}cd today"})
    assert JANE in alone
    assert JANE not in within


@pytest.mark.parametrize("written", ["Quíllon", "QUILLON", "Qu1ll0n", "Quіllоn", "𝐐𝐮𝐢𝐥𝐥𝐨𝐧", "Q u i l l o n"])
def test_accents_case_and_letters_that_look_alike_change_nothing(index: KeyIndex, written: str) -> None:
    (found,) = borne(index, {"display_name": f"help {written}"})
    assert JANE in found


def test_an_initial_before_or_behind_the_name_is_found(index: KeyIndex) -> None:
    assert all(JANE in found for found in borne(index, {"handle": "x_jquillon77"}, {"handle": "realquillonj"}))


@pytest.mark.parametrize("said", [{}, {"handle": "quil_lo_99"}, {"display_name": "Quil"}, {"bio": "mayor today"}])
def test_a_part_of_a_word_or_a_mere_title_names_nobody(index: KeyIndex, said: dict[str, object]) -> None:
    assert JANE not in borne(index, said)[0]


@given(st.sets(st.integers(0, len(ACCOUNTS) - 1)), st.integers(0, len(ACCOUNTS) - 1))
def test_who_is_gone_is_never_found_and_who_is_not_stays(index: KeyIndex, gone: set[int], asked: int) -> None:
    account = ACCOUNTS[asked]
    said = {"handle": account.handle, "display_name": account.display_name}
    (found,) = borne(index, said, gone=sorted(gone))
    assert not {ACCOUNTS[row] for row in gone} & set(found)
    (before,) = borne(index, said)
    stay = [one for one in before if ACCOUNTS.index(one) not in gone]
    assert [one for one in found if one in stay] == stay


def sharers(count: int) -> list[ProtectedAccount]:
    handles = [f"{'abcdefghij'[number // 10]}{'klmnopqrst'[number % 10]}vwxzyvw" for number in range(count)]
    return [
        ProtectedAccount(platform="x", handle=handle, display_name="Ada Quillon", followers=10 ** (number % 8))
        for number, handle in enumerate(handles)
    ]


def found_by(accounts: Sequence[ProtectedAccount], **said: str) -> tuple[list[ProtectedAccount], NDArray[np.float32]]:
    index = KeyIndex.of(accounts)
    owners, scores, _ = index.borne(query(dict(said)), np.zeros(len(accounts), bool))
    return [accounts[row] for row in index.rows[owners].tolist()], scores


@pytest.mark.parametrize("count", [1, MOST_FOUND, MOST_FOUND + 1, OWNERS_OF_A_WORD + 9])
def test_of_those_who_share_a_word_the_most_prominent_are_found_and_no_more_than_the_limit(count: int) -> None:
    accounts = sharers(count)
    found, scores = found_by(accounts, handle="quillonhelp")
    followers = [account.followers or 0 for account in found]
    assert followers == sorted((account.followers or 0 for account in accounts), reverse=True)[:MOST_FOUND]
    assert scores.tolist() == sorted(scores.tolist(), reverse=True)


@pytest.mark.parametrize("first", ["Ada Tamstad", "Ada Quillon"])
def test_how_well_known_somebody_is_counts_beside_how_telling_the_words_are(first: str) -> None:
    accounts = [
        ProtectedAccount(platform="x", handle=handle, display_name=name, followers=10**8 if name == first else 10)
        for handle, name in (("vwxzyvw", "Ada Tamstad"), ("zyvwxvx", "Ada Quillon"))
    ]
    found, _ = found_by(accounts, handle="quillon_tamstad_7")
    assert [account.display_name == first for account in found] == [True, False]


def test_the_limits_are_of_each_query() -> None:
    accounts = sharers(MOST_FOUND + 4)
    _, _, firsts = KeyIndex.of(accounts).borne(
        query({"handle": "quillon1"}, {}, {"handle": "xquillon"}), np.zeros(len(accounts), bool)
    )
    assert np.diff(firsts).tolist() == [MOST_FOUND, 0, MOST_FOUND]


def test_two_words_of_an_owner_say_more_than_the_word_that_another_shares() -> None:
    one, other = (ProtectedAccount(platform="x", handle=handle) for handle in ("vwxzyvw", "zyvwxvx"))
    jane, ada = replace(one, display_name="Wetherby Quillon"), replace(other, display_name="Ostrella Quillon")
    for accounts in ([jane, ada], [ada, jane]):
        found, scores = found_by(accounts, handle="ostrella_quillon_7")
        assert found == [ada, jane]
        assert scores[0] > scores[1] >= FEWEST_BITS


@pytest.mark.parametrize(("bits", "is_found"), [(FEWEST_BITS - 0.1, False), (FEWEST_BITS, True)])
def test_a_word_that_too_many_strangers_have_finds_nobody_however_well_known(bits: float, is_found: bool) -> None:
    accounts = [ProtectedAccount(platform="x", handle="vwxzyvw", display_name="Quex Ostrella", followers=10**8)]
    index = KeyIndex.of(accounts)
    index = replace(index, word_bits=np.full_like(index.word_bits, bits))
    owners, _, _ = index.borne(query({"handle": "xostrellax"}), np.zeros(1, bool))
    assert owners.tolist() == [0] * is_found


def test_texts_are_looked_through_up_to_a_length_and_in_pieces_that_are_long_enough() -> None:
    accounts = [ProtectedAccount(platform="x", handle="vwxzyvw", display_name="Xkq Ostrella")]
    filler = "abcdefghik" * 5
    assert found_by(accounts, handle=filler[: LONGEST_TEXT - 8] + "ostrella")[0] == accounts
    assert found_by(accounts, handle=filler[:LONGEST_TEXT] + "ostrella")[0] == []
    assert len("xkq") < SHORTEST_PIECE
    assert found_by(accounts, handle="abxkqab")[0] == []


def test_whatever_is_put_or_withdrawn_later_is_found_among_the_others_or_not_any_more() -> None:
    ada = ProtectedAccount(platform="x", handle="vwxzyvw", display_name="Ada Quillon", followers=10**7)
    eve = ProtectedAccount(platform="x", handle="zyvwxvx", display_name="Eve Quillon", followers=10)
    reported = Account(handle="x7quillon_desk")
    index = CandidateIndex(Registry([*OTHERS, JANE]))
    index = index.after(index.registry.changed([ada]))
    index = index.after(index.registry.changed([eve]))
    assert len(index.indexes) > 1, "of several segments"
    named = [one.view.account for one in index.find(reported) if one.view.account in (JANE, ada, eve)]
    whole = [one.view.account for one in CandidateIndex(Registry([*OTHERS, JANE, ada, eve])).find(reported)]
    assert set(named) == {JANE, ada, eve} <= set(whole)
    without = index.after(index.registry.changed(withdraw=[("x", ada.handle)]))
    assert {one.view.account for one in without.find(reported)} & {JANE, ada, eve} == {JANE, eve}


@given(st.lists(st.sampled_from([*BORNE, "u5583", "ostrella_77"]), min_size=1, max_size=3))
def test_compiled_and_plain_python_find_the_same(index: KeyIndex, texts: list[str]) -> None:
    made = query(*({"handle": f"{text}help", "bio": text} for text in texts))
    arrays = (
        index.words, index.word_owners, index.word_bits, index.prominence, np.zeros(len(ACCOUNTS), bool),
        made.pieces, made.piece_starts, made.piece_firsts, made.told, made.told_starts, made.told_firsts,
    )  # fmt: skip
    with np.errstate(over="ignore"):  # the hash is modulo 2 ** 64
        plain = borne_words.borne.py_func(*arrays)  # type: ignore[attr-defined]
    for one, other in zip(borne_words.borne(*arrays), plain, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)


def test_words_are_in_the_order_of_their_hashes_and_owners_in_that_of_prominence() -> None:
    hashes, owners, bits = words_of(sharers(5))
    assert len(hashes) == len(owners) == len(bits)
    assert sorted(hashes.tolist()) == hashes.tolist()
    shared = [hashes.tolist().count(one) for one in set(hashes.tolist())]
    assert 5 in shared, "they share their names"
    for one in set(hashes.tolist()):
        assert owners[hashes == one].tolist() == sorted(owners[hashes == one].tolist())
    assert (bits > 0.0).all()
    assert [len(one) for one in words_of([])] == [0, 0, 0]


def test_the_hash_is_fnv_1a() -> None:
    hashes = borne_words._hashed(*packed([b"", b"a", b"foobar"]))
    assert hashes.tolist() == [0xCBF29CE484222325, 0xAF63DC4C8601EC8C, 0x85944171F73967E8]
