from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import Account, ProtectedAccount, as_protected, as_reported
from classifier.accounts.normal_forms import LINKED_READ, View
from classifier.accounts.phrases import PHRASE_WORDS, phrase
from classifier.accounts.protected_forms import ProtectedForms
from classifier.utils.made_once import made_once

hostile = st.text(st.characters(exclude_categories=()), max_size=30)


def view(handle: str = "jane", **fields: object) -> View:
    return View(Account(handle=handle, **fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("platform", "handle", "chosen"),
    [
        ("x", "Jane_Roe", "janeroe"),
        ("x", "@Jane_Roe", "janeroe"),
        ("x", "ＪＡＮＥroe", "janeroe"),
        ("mastodon", "jane.roe@social.example", "janeroe"),
        ("bluesky", "jane-roe.bsky.example", "janeroe"),
        ("bluesky", "jane-roe", "janeroe"),
        (None, "jane.roe", "janeroe"),
    ],
)
def test_only_the_part_of_a_handle_that_its_owner_chose_is_compared(
    platform: str | None, handle: str, chosen: str
) -> None:
    assert view(handle, platform=platform).handle == chosen


@pytest.mark.parametrize("platform", ["x", "mastodon", "bluesky", None])
@given(handle=hostile.filter(lambda text: text.strip()))
def test_no_handle_is_without_a_key_to_compare_and_to_find_it_by(platform: str | None, handle: str) -> None:
    """X allows "___", and an empty key would be a part of every other."""
    assert view(handle, platform=platform).handle
    assert view(handle, platform=platform).loose_handle


def test_the_loose_keys_are_equal_for_what_a_hurried_reader_takes_for_the_same() -> None:
    assert view("OIIivander").loose_handle == view("ollivander").loose_handle
    assert view(display_name="Оllivаnder").loose_name == view(display_name="Ollivander").loose_name


def test_a_missing_name_and_bio_are_empty() -> None:
    empty = view()
    assert (empty.name, empty.loose_name, empty.name_words, empty.bio, empty.bio_words) == ("", "", (), "", ())
    assert (empty.mentions, empty.bio_telling, empty.bio_triples) == (frozenset(), (), frozenset())


def test_the_words_of_a_handle_are_told_by_its_capitals() -> None:
    assert view("RepJaneRoe_4Congress").handle_words == ("rep", "jane", "roe", "4", "congress")


@pytest.mark.parametrize("name", ["Jack O’Neil", "Jane-Roe", "Мария Петрова", "東京 太郎", "00˥", "नरेन्द्र मोदी"])
def test_a_copied_name_has_every_word_of_the_name_it_copies(name: str) -> None:
    """Its words are read one by one on one side and as a whole on the other."""
    protected = View(ProtectedAccount(platform="x", handle="jane", display_name=name))
    own = view(display_name=name).name_word_readings
    assert protected.name_weights
    assert all(read & own for words in protected.name_weights for read, _ in words)


@given(hostile)
def test_any_copied_name_has_every_word_of_the_name_it_copies(name: str) -> None:
    protected = View(ProtectedAccount(platform="x", handle="jane", display_name=name))
    own = view(display_name=name).name_word_readings
    assert all(read & own and bits > 0.0 for words in protected.name_weights for read, bits in words)


@pytest.mark.parametrize(
    ("links", "away"),
    [(("https://t.me/jane",), True), (("bit.ly/x",), True), (("https://t.co/x",), False), ((), False)],
)
def test_a_link_to_a_messenger_or_to_where_nobody_sees_leads_away(links: tuple[str, ...], away: bool) -> None:
    assert view(links=links).leads_away == away


def test_who_speaks_or_declares_an_office_does_so_in_name_or_bio() -> None:
    assert view(bio="Backup account").speaks
    assert view(display_name="Jane Roe (private account)").speaks
    assert view(display_name="Jane Roe for Congress").declares_office
    assert not view(display_name="Jane Roe", bio="Painter").declares_office


@given(hostile, hostile)
def test_no_name_or_bio_stops_a_view(name: str, bio: str) -> None:
    found = View(ProtectedAccount(platform="x", handle="jane", display_name=name, bio=bio, roles=(name, bio)))
    assert all(bits > 0.0 for bits in found.bio_weights.values())
    assert all(role for role in found.role_words)
    assert isinstance(found.handle_reading, str)


@pytest.mark.parametrize(
    ("platform", "bio", "mentioned"),
    [
        ("x", "Ex @Jane_Roe, now painting. Also @northwind.", {"janeroe", "northwind"}),
        ("x", "ex-@janeroe.Now painting, with @northwind-people", {"janeroe", "northwind"}),
        ("x", "nobody but @___", {"___"}),
        ("x", "write to jane@", set()),
        ("mastodon", "assistant of @jane.roe-two", {"janeroetwo"}),
        ("bluesky", "fan of @jane-roe.bsky.example!", {"janeroe"}),
        ("bluesky", "fan of @janeroe.", {"janeroe"}),
        (None, "fan of @jane-roe.", {"janeroe"}),
    ],
)
def test_mentions_are_written_as_the_handles_they_are_compared_with(
    platform: str | None, bio: str, mentioned: set[str]
) -> None:
    assert view(bio=bio, platform=platform).mentions == mentioned


def test_domains_are_hosts_in_one_spelling_and_broken_links_lead_nowhere() -> None:
    links = ("https://www.Northwind.example/about", "northwind.example", "http://[", "https://")
    assert view(links=links).domains == {"northwind.example"}


@given(st.lists(hostile, max_size=3))
def test_no_link_stops_a_view(links: list[str]) -> None:
    assert all(view(links=tuple(links)).domains)


@pytest.mark.parametrize(
    ("name", "mixes"),
    [
        ("Jаne Roe", True),  # Cyrillic а
        ("Jane Рое", False),  # one word a script
        ("Jane Roe", False),
        ("José Ørsted", False),
        ("東京タワー Tokyo", False),
        ("김Kim", False),
        ("ㄚ明", False),  # a Chinese sign for a sound, as nicknames have it
        ("김ジ", True),  # Hangul with Katakana: nobody writes both in one word
        (None, False),
    ],
)
def test_a_mixture_of_scripts_is_one_within_a_word_that_no_language_writes(name: str | None, mixes: bool) -> None:
    assert view(display_name=name).mixes_scripts == mixes


def test_a_handle_of_mixed_scripts_counts_as_well() -> None:
    assert view("jаne").mixes_scripts
    assert not view("jane").mixes_scripts


@pytest.mark.parametrize(("name", "bio"), [("Jane Roe (parody)", None), (None, "Not the real Jane Roe")])
def test_a_declared_parody_is_seen_where_it_is_declared(name: str | None, bio: str | None) -> None:
    found = view(display_name=name, bio=bio)
    assert (found.name_is_parody, found.bio_is_parody) == (name is not None, bio is not None)


def test_a_lure_is_seen_in_name_and_bio() -> None:
    assert view(bio="Message me on Telegram").lures
    assert view(display_name="Jane - DM me now").lures
    assert not view(display_name="Jane Roe", bio="Painter in Tamstad").lures


def test_a_role_is_the_same_in_any_order_and_without_its_small_words() -> None:
    assert phrase("CEO of the Northwind Bank") == phrase("Northwind Bank CEO") == ("bank", "ceo", "northwind")


@given(st.lists(st.sampled_from(["jane", "roe", "of", "the", "ceo", "x", "northwind"]), max_size=9))
def test_every_run_of_telling_words_is_found_whatever_stands_between(words: list[str]) -> None:
    telling = [word for word in words if word not in {"of", "the", "x"}]
    bio = view(bio=" ".join(words))
    for start in range(len(telling)):
        for end in range(start + 2, min(start + PHRASE_WORDS, len(telling)) + 1):
            assert bio.bio_says([tuple(sorted(telling[start:end]))])
    assert not bio.bio_says([("jane", "tamstad")])
    assert not bio.bio_says([])


def test_words_that_do_not_stand_together_are_no_phrase() -> None:
    assert view(bio="Roe, called Jane").bio_says([("called", "jane"), ("jane", "tamstad")])
    assert not view(bio="Roe, called Jane").bio_says([("jane", "roe")])


def test_one_word_is_no_phrase_because_it_would_be_claimed_by_chance() -> None:
    protected = ProtectedAccount(platform="x", handle="jane", display_name="Jane", roles=("Mayor", "Mayor of Tamstad"))
    assert View(protected).phrases == {("mayor", "tamstad")}


def test_a_side_of_the_wrong_kind_is_refused() -> None:
    protected = ProtectedAccount(platform="x", handle="jane")
    assert View(protected).protected is protected
    with pytest.raises(TypeError):
        _ = View(protected).reported
    with pytest.raises(TypeError):
        _ = view().protected


some_texts = st.none() | st.sampled_from(
    ["Jane Roe", "CEO of Northwind", "@jane parody", "Жанна 🦊", "", "dm me on telegram"]
)
either = st.fixed_dictionaries(
    {
        "handle": st.sampled_from(["JaneRoe", "jane.roe", "j_r00", "___"]),
        "display_name": some_texts,
        "bio": some_texts,
        "links": st.sampled_from([(), ("https://t.me/jane",), ("https://northwind.example", "t.co/1")]),
        "avatar_pdq": st.sampled_from([None, "f0" * 32]),
    }
)
FORMS = [name for name, made in (vars(View) | vars(ProtectedForms)).items() if isinstance(made, made_once)]


def forms(of: View) -> dict[str, object]:
    """Every normal form but those that a protected account alone has, and the pairs that it was in."""
    own = {"roles_told", "role_words", "role_totals", "all_role_words", "joined_names", "names", "turned", "compared"}
    own |= {
        "name_weights",
        "name_totals",
        "all_name_readings",
        "name_spelled",
        "organisations",
        "known_words",
        "bearable",
    }
    return {name: getattr(of, name) for name in FORMS if name not in own or isinstance(of.account, ProtectedAccount)}


@given(either, st.sampled_from(["x", "bluesky", "mastodon"]), st.sampled_from([(), ("Mayor of Tamstad",)]))
def test_an_account_turned_to_the_other_side_keeps_only_forms_that_it_has_there(
    said: dict[str, Any], platform: str, roles: tuple[str, ...]
) -> None:
    protected = View(ProtectedAccount(platform=platform, roles=roles, aliases=roles, **said))
    reported = View(Account(platform=platform, posts=3, **said))
    for one, fresh in (
        (protected, View(as_reported(protected.protected))),
        (reported, View(as_protected(reported.reported))),
    ):
        forms(one)
        made, expected = forms(one.turned), forms(fresh)
        left_out = {"turned", "compared"}
        assert {k: v for k, v in made.items() if k not in left_out} == {
            k: v for k, v in expected.items() if k not in left_out
        }
        assert one.turned.account == fresh.account


@pytest.mark.parametrize(
    ("name", "told", "names"),
    [
        ("Jane Quillon", ("jane", "quillon"), ("jane",)),
        ("Dr. JANÉ Quillon, CEO ✅", ("jane", "quillon"), ("jane",)),
        ("Official Quillon Support Service", ("quillon",), ()),
        ("The bakery of Mary A. Smith", ("bakery", "mary", "smith"), ("mary", "smith")),
        ("🦊", (), ()),
        ("Bapak Quillon", ("quillon",), ()),
    ],
)
def test_the_words_of_a_name_that_say_whose_it_is(name: str, told: tuple[str, ...], names: tuple[str, ...]) -> None:
    assert view(display_name=name).name_told == told
    assert view(display_name=name).names_told == names


@pytest.mark.parametrize(
    ("name", "asks"),
    [
        ("DM me on Telegram", True),
        ("WhatsApp +1 555 0100", True),
        ("Jane Quillon", False),
        ("", False),
        ("Ask Jane", False),
        ("Orlo Grant", False),
    ],
)
def test_a_name_that_is_an_ask_is_told(name: str, asks: bool) -> None:
    assert view(display_name=name).name_asks == asks


@pytest.mark.parametrize(
    ("handle", "name", "again"),
    [
        ("jane_roe", "Jane_Roe", True),
        ("jane_roe", "@jane_roe", False),
        ("jane_roe", "Jane Roe", False),
        ("j", "", False),
    ],
)
def test_a_name_that_is_the_handle_again_is_told(handle: str, name: str, again: bool) -> None:
    assert view(handle=handle, display_name=name).name_is_handle == again


@pytest.mark.parametrize(
    ("handle", "declares"), [("NotJaneRoe", True), ("jane_roe_fans", True), ("FakeJane", True), ("jane_roe", False)]
)
def test_a_handle_that_declares_a_parody_is_told(handle: str, declares: bool) -> None:
    assert view(handle=handle).handle_is_parody == declares


@pytest.mark.parametrize(
    ("links", "bio", "linked"),
    [
        (("https://t.me/Jane_Quillon",), "", "janequillon"),
        (("https://t.me/janequillon", "http://t.me/janequillon/5"), "", "janequillon"),
        (("https://www.quillon.example/shop/x?y=1",), "", "quillonexampleshop"),
        ((), "write: t.me/janequillon or call", "janequillon"),
        ((), "no link. here", ""),
        (("http://[",), "", ""),
        (("https://t.me/",), "", ""),
    ],
)  # fmt: skip
def test_where_links_lead_is_told_in_letters(links: tuple[str, ...], bio: str, linked: str) -> None:
    assert view(links=links, bio=bio).linked == linked


@given(st.lists(hostile, max_size=4), hostile)
def test_any_links_are_read_up_to_a_length(links: list[str], bio: str) -> None:
    assert len(view(links=tuple(links), bio=bio).linked) <= LINKED_READ


@pytest.mark.parametrize(("name", "other"), [("Marla", "Maria"), ("Neil", "Nell"), ("Nell", "Neil")])
def test_a_name_is_not_read_as_another_that_looks_the_same(name: str, other: str) -> None:
    """Marla is a name, and not Maria disguised; nobody is called Mar1a."""
    words = View(ProtectedAccount(platform="x", handle="x", display_name=other)).name_weights[0]
    assert not view(display_name=name).name_word_readings & words[0][0]
    assert view(display_name=other).name_word_readings & words[0][0]
    assert view(display_name=other.replace("i", "\u0456").replace("l", "1")).name_word_readings & words[0][0]


@pytest.mark.parametrize("written", ["María", "MARIA", "maria", "Marıa"])
def test_marks_case_and_dotless_letters_are_the_same_name(written: str) -> None:
    (words,) = View(ProtectedAccount(platform="x", handle="x", display_name="Maria")).name_weights
    assert view(display_name=written).name_word_readings & words[0][0]
    assert view(display_name=written).names_told == ("maria",)


@pytest.mark.parametrize(
    ("handle", "claimed"),
    [
        ("quillonofficial", "official"),
        ("Quillon_CS", "cs"),
        ("helpquillon", "help"),
        ("MrsQuillon", "mrs"),
        ("quillon_support24", "support"),
        ("quillon", ""),
        ("___", ""),
    ],
)
def test_letters_of_claims_titles_and_services_are_told_in_a_handle(handle: str, claimed: str) -> None:
    made = view(handle)
    assert (
        "".join(char for char, is_claimed in zip(made.handle, made.claimed_letters, strict=True) if is_claimed)
        == claimed
    )


@given(hostile.filter(str.strip))
def test_of_every_letter_of_a_handle_it_is_told_whether_it_is_claimed(handle: str) -> None:
    made = view(handle)
    assert len(made.claimed_letters) == len(made.handle)
