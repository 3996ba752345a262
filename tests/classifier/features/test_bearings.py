"""Who is borne: the words of a protected account count wherever they stand, and what else stands there is counted."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.text.information import bits, word_information
from tests.classifier.features.accounts import Fields, value

JANE: Fields = {
    "handle": "HarbourBraid", "display_name": "Jane Quillon", "aliases": ("Wetherby Oxmoor",),
    "roles": ("Mayor of Tamstad",), "followers": 5_000,
}  # fmt: skip
# Of nobody: the handle in ``accounts.value`` would be Jane's name.
NOBODY: Fields = {"handle": "u5583"}
fillers = st.text("xkzq", max_size=9)
BORNE = ("quillon", "jane", "harbourbraid", "janequillon", "quillonjane", "oxmoor", "jquillon", "janeq")


def of(name: str, said: Fields, protected: Fields | None = None) -> float:
    return value(name, NOBODY | said, JANE | (protected or {}))


@pytest.mark.parametrize("word", BORNE)
@given(before=fillers, behind=fillers)
def test_a_word_of_handle_or_name_is_borne_whatever_stands_around(word: str, before: str, behind: str) -> None:
    text = before + word + behind
    for name, said in (("handle_bears", "handle"), ("name_bears", "display_name")):
        assert of(name, {said: text}) >= bits(word) - 1e-9
    assert of("links_bear", {"links": (f"https://t.me/{text}",)}) >= bits(word) - 1e-9


@given(before=fillers, behind=fillers)
def test_a_word_of_a_role_is_borne_apart_from_the_name(before: str, behind: str) -> None:
    text = before + "tamstad" + behind
    for name, said in (("handle", {"handle": text}), ("name", {"display_name": text})):
        assert of(f"{name}_bears_organisation", said) == pytest.approx(bits("tamstad"))
        assert of(f"{name}_bears", said) < 10.0
        assert of("handle_says_else", said | {"handle": "tamstad_help"}) == 0.0
        assert of(f"{name}_bears_organisation", said, {"roles": ("Mayor",)}) == 0.0, "a title is no organisation"


@pytest.mark.parametrize("edited", ["qui1lon", "quilllon", "quilon", "qulilon", "quillxon"])
def test_a_word_that_was_changed_on_purpose_bears_less_and_still_much(edited: str) -> None:
    whole = of("handle_bears", {"handle": "x_quillon_x"})
    assert whole / 2 < of("handle_bears", {"handle": f"x_{edited}_x"}) < whole
    assert of("handle_bears", {"handle": "x_q_n_x"}) < 10.0


@pytest.mark.parametrize("written", ["Jane Quillon", "JANE QUILLON", "Jané Quíllon", "jane  quillon", "Quillon, Jane"])
@pytest.mark.parametrize(
    "name", ["name_bears", "name_says_else", "other_names", "borne_anywhere", "name_kept", "name_of_the_famous"]
)
def test_accents_case_and_order_change_nothing(name: str, written: str) -> None:
    said = {"display_name": "Jane Quillon"}
    assert of(name, {"display_name": written}) == pytest.approx(of(name, said), abs=0.5)


@given(st.permutations(["real", "official", "help", "support", "24", "7"]), st.sampled_from(["_", "", "."]))
def test_claims_and_numbers_around_are_nothing_else(words: list[str], between: str) -> None:
    handle = between.join([*words[:2], "quillon", *words[2:4]])
    assert of("handle_says_else", {"handle": handle}) == 0.0


@pytest.mark.parametrize("claim", ["official", "support", "mrs", "online", "ceo", "service"])
def test_a_claim_beside_is_told_where_somebody_is_borne(claim: str) -> None:
    assert of("handle_claims_beside", {"handle": f"quillon_{claim}"}) == 1.0
    assert of("handle_claims_beside", {"handle": f"{claim}_quillon"}) == 1.0
    assert of("handle_claims_beside", {"handle": f"{claim}_7x"}) == 0.0
    assert of("handle_claims_beside", {"handle": "x_quillon_x"}) == 0.0


def test_a_handle_alone_counts_for_more_than_beside_a_name_or_a_bio() -> None:
    alone: Fields = {"handle": "quillon_help"}
    assert of("lone_handle_claims", alone) == pytest.approx(of("handle_bears", alone))
    assert of("lone_handle_claims", {"handle": "quillon_x"}) == 0.0
    assert of("lone_handle_claims", {"handle": "ostrella_quillon_help"}) < of("lone_handle_claims", alone)
    near: Fields = {"handle": "harbourbrald"}
    assert of("lone_handle_near", near) == of("handle_beyond_chance", near) > 0.0
    for beside in ({"display_name": "Ada"}, {"bio": "I paint"}):
        assert math.isnan(of("lone_handle_claims", alone | beside))
        assert math.isnan(of("lone_handle_near", near | beside))


def test_a_word_of_a_life_of_ones_own_is_something_else_and_more_of_it_is_more() -> None:
    handles = ("quillon", "ada_quillon", "ada_quillon_ostrella", "ada_quillon_ostrella_keramik")
    found = [of("handle_says_else", {"handle": handle}) for handle in handles]
    assert found[0] == 0.0
    assert found == sorted(set(found))
    names = ("Jane Quillon", "Jane Quillon Bakery", "Jane Quillon Ostrella Bakery")
    found = [of("name_says_else", {"display_name": name}) for name in names]
    assert found == pytest.approx(
        [0.0, word_information("bakery"), word_information("bakery") + word_information("ostrella")]
    )


@pytest.mark.parametrize(
    "name", ["Dr. Jane Quillon", "Jane Quillon Official", "Jane of Tamstad", "CEO Jane Quillon ✅"]
)
def test_titles_claims_and_whatever_the_protected_one_goes_by_are_nothing_else(name: str) -> None:
    assert of("name_says_else", {"display_name": name}) == 0.0


@pytest.mark.parametrize("name", ["DM me on Telegram", "Message me on WhatsApp for your prize"])
def test_a_name_that_asks_says_nothing_else(name: str) -> None:
    assert math.isnan(of("name_says_else", {"display_name": name}))
    assert not math.isnan(of("name_says_else", {"display_name": "Harbour painters"}))


@pytest.mark.parametrize(
    ("handle", "digits", "numbered"),
    [
        ("jane", 0.0, 0.0), ("7jane", 0.0, 0.0), ("jane7", 1.0, 0.0), ("jane_2024", 4.0, 0.0), ("jane123456", 6.0, 0.0),
        ("jane1234567", math.nan, 1.0), ("jane" + "7" * 12, math.nan, 1.0),
    ],
)  # fmt: skip
def test_digits_at_the_end_are_counted_unless_a_platform_added_them(
    handle: str, digits: float, numbered: float
) -> None:
    assert of("handle_ends_in_digits", {"handle": handle}) == pytest.approx(digits, nan_ok=True)
    assert of("handle_numbered", {"handle": handle}) == numbered


@pytest.mark.parametrize("name", ["name_says_else", "name_fits_own_handle"])
def test_a_name_that_is_the_handle_again_says_nothing_that_the_handle_does_not(name: str) -> None:
    again = {"handle": "marble_quarry", "display_name": "Marble_Quarry"}
    assert of(name, again) == pytest.approx(math.nan, nan_ok=True)
    assert of(name, again | {"display_name": "Marble Quarry"}) > 0.0


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("Jane Quillon", 0.0), ("Jane", 0.0), ("Mary Quillon", 1.0), ("Mary Smith", 2.0), ("Mary Ann Sue Lee", 3.0),
        ("Jane Quillon Bakery", 0.0), ("JÁNE", 0.0),
    ],
)  # fmt: skip
def test_names_of_others_are_counted(name: str, others: float) -> None:
    assert of("other_names", {"display_name": name}) == others


# Both of a pair are names, one letter apart, and look the same or nearly so.
PAIRS = [("Maria", "Marla"), ("Neil", "Nell"), ("Nell", "Neil"), ("Marla", "Maria")]


@pytest.mark.parametrize(("reported", "protected"), PAIRS)
def test_a_name_that_is_another_name_is_no_look_alike(reported: str, protected: str) -> None:
    ours, theirs = {"display_name": f"{reported} Quillon"}, {"display_name": f"{protected} Quillon"}
    assert of("name_look_alike", ours, theirs) == 0.0
    assert of("other_names", ours, theirs) == 1.0
    assert of("name_says_else", ours, theirs) == pytest.approx(word_information(reported.lower()))
    assert of("name_kept", ours, theirs) == pytest.approx(word_information("quillon"))
    assert of("other_names", theirs, theirs) == of("name_says_else", theirs, theirs) == 0.0


@pytest.mark.parametrize(
    "disguised", ["Mari\u0430 Quillon", "M\u0430ria Quillon", "Maria Qui11on", "Maria Qu\u0456llon"]
)
def test_letters_that_make_no_other_name_are_a_look_alike(disguised: str) -> None:
    protected = {"display_name": "Maria Quillon", "aliases": ()}
    assert of("name_look_alike", {"display_name": disguised}, protected) == 1.0
    assert of("other_names", {"display_name": disguised}, protected) == 0.0


def test_the_bio_bears_the_rarest_name_or_role() -> None:
    rare = word_information("quillon")
    assert of("bio_bears", {"bio": "I read Quillon"}) == pytest.approx(rare)
    assert of("bio_bears", {"bio": "Quillon, Jane"}) == pytest.approx(rare + word_information("jane"))
    assert of("bio_bears", {"bio": "City of Tamstad"}) == pytest.approx(word_information("tamstad"))
    assert of("bio_bears", {"bio": "I paint"}) == 0.0


def test_handle_name_and_bio_together_bear_a_name_that_none_bears_alone() -> None:
    parts: list[Fields] = [{"handle": "x_quillon"}, {"display_name": "Jane"}]
    alone = [of("borne_anywhere", part) for part in parts]
    assert all(0.0 < share < 1.0 for share in alone)
    assert of("borne_anywhere", parts[0] | parts[1]) == pytest.approx(sum(alone)) == pytest.approx(1.0)
    assert of("borne_anywhere", {"handle": "x_quillon", "bio": "jane"}) == pytest.approx(1.0)
    assert of("borne_anywhere", {}) == 0.0


@pytest.mark.parametrize(
    ("links", "bio", "bears"),
    [
        (("https://t.me/janequillon",), None, True),
        (("https://t.me/janequillon?start=7",), None, True),
        (("https://janequillon-help.example",), None, True),
        (("https://instagram.com/jane.quillon/",), None, True),
        ((), "write to wa.me/janequillon", True),
        (("https://ostrella.example/x/janequillon",), None, False),
        (("https://t.me/xkqz",), "Jane Quillon", False),
    ],
)  # fmt: skip
def test_where_links_lead_is_read_by_host_and_the_first_part_of_the_path(
    links: tuple[str, ...], bio: str | None, bears: bool
) -> None:
    assert (of("links_bear", {"links": links, "bio": bio}) > 30.0) == bears
