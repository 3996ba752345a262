"""What the profile says of itself."""

import math

import pytest

from tests.classifier.features.accounts import Fields, names, value

BIO = "Painter of small harbours and quiet bays"
ROLES, LURE, AWAY = ("Mayor of Tamstad",), "Message me on Telegram", ("https://t.me/jane",)


@pytest.mark.parametrize(
    ("name", "reported", "protected", "expected"),
    [
        ("parody_declared", "Jane Roe (parody)", "Jane Roe", 1.0),
        ("parody_declared", "Jane Roe Fans", "Jane Roe Fans", 0.0),
        ("bears_and_declares", "Jane Roe (parody)", "Jane Roe", 1.0),
        ("lure", "Jane: message me now", "Jane Roe", 1.0),
        ("lure", "Jane: message me on telegram now", "Jane Roe", 2.0),
        ("lure", "Jane", "Jane Roe", 0.0),
        ("bears_and_lures", "Jane Roe, message me now", "Jane Roe", 1.0),
        ("bears_and_lures", "Jane Roe", "Jane Roe", 0.0),
        ("bears_and_lures", "Ada Brask, message me now", "Jane Roe", 0.0),  # anybody may
        ("bears_and_speaks", "Jane Roe (private account)", "Jane Roe", 1.0),
        ("bears_and_speaks", "Ada Brask (private account)", "Jane Roe", 0.0),
    ],
)
def test_what_they_say_of_names(name: str, reported: str, protected: str, expected: float) -> None:
    assert names(name, reported, protected) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("name", "reported", "protected", "expected"),
    [
        ("role_in_name", {"display_name": "Tamstad Mayor"}, {"roles": ROLES}, 1.0),
        ("role_in_name", {"display_name": "Alcalde Tamstad"}, {"roles": ROLES}, 1.0),
        ("role_in_name", {"display_name": "Jane", "bio": "Mayor of Tamstad"}, {"roles": ROLES}, 0.0),
        ("role_in_name", {"display_name": "Jane Roe"}, {"display_name": "Jane Roe"}, math.nan),
        ("role_in_profile", {"bio": "I am Mayor of Tamstad"}, {"roles": ROLES}, 1.0),
        ("role_in_profile", {"display_name": "Mayor", "bio": "Tamstad"}, {"roles": ROLES}, 1.0),
        ("role_in_profile", {"display_name": "Jane Roe"}, {"roles": ROLES}, 0.0),
        ("name_in_bio", {"bio": "Ask for Roe Quist"}, {"aliases": ("J. Roe Quist",)}, 1.0),
        ("name_in_bio", {"bio": "Ask for Roe"}, {"aliases": ("J. Roe Quist",)}, 0.0),
        ("name_in_bio", {"bio": "Mayor of Tamstad"}, {"display_name": "Jane Roe", "roles": ROLES}, 0.0),
        ("bears_and_lures", {"display_name": "Jane Roe", "bio": LURE}, {"display_name": "Jane Roe"}, 2.0),
        ("bears_and_lures", {"display_name": "Mayor of Tamstad", "bio": LURE}, {"roles": ROLES}, 2.0),
        ("bears_and_lures", {"display_name": "Ada", "bio": LURE}, {"display_name": "Jane Roe"}, 0.0),
        ("bears_and_links_away", {"display_name": "Jane Roe", "links": AWAY}, {"display_name": "Jane Roe"}, 1.0),
        ("bears_and_links_away", {"display_name": "Ada", "links": AWAY}, {"display_name": "Jane Roe"}, 0.0),
        ("bears_and_speaks", {"bio": "Backup of @northwind"}, {}, 1.0),
        ("bears_and_speaks", {"bio": "Backup of @somebody"}, {}, 0.0),
        ("bears_and_copies", {"display_name": "Jane Roe", "bio": BIO}, {"display_name": "Jane Roe", "bio": BIO}, 1.0),
        ("bears_and_copies", {"display_name": "Ada", "bio": BIO}, {"display_name": "Jane Roe", "bio": BIO}, 0.0),
        ("name_in_bio", {"bio": "No affiliation with Jane Roe"}, {"display_name": "Jane Roe"}, 0.0),
        ("name_in_bio", {"bio": "Office of Jane Roe"}, {"display_name": "Jane Roe"}, 1.0),
        ("name_asks", {"display_name": "Send me a private message"}, {}, 1.0),
        ("name_asks", {"display_name": "Orlo Grant"}, {}, 0.0),
        ("name_asks", {"bio": "Send me a private message"}, {}, math.nan),
        ("parody_declared", {"handle": "NotJaneRoe"}, {}, 0.7),
        ("parody_declared", {"handle": "NotJaneRoe"}, {"handle": "NotJaneRoe"}, 0.0),
        ("parody_declared", {"handle": "Nottingham"}, {}, math.nan),
        ("bears_and_declares", {"handle": "mrquillonroe_7", "bio": "Parody"}, {"display_name": "Jane Quillonroe"}, 0.7),
        ("bears_and_declares", {"handle": "somebody_7", "bio": "Parody"}, {"display_name": "Jane Quillonroe"}, 0.0),
        ("bears_and_declares", {"bio": "Parody of Jane Roe"}, {"display_name": "Jane Roe"}, 0.7),
        ("bears_and_declares", {"handle": "ada", "bio": "Parody of Ada Brask"}, {"display_name": "Jane Roe"}, 0.0),
        ("bears_and_declares", {"handle": "ada", "display_name": "Ada (parody)"}, {"display_name": "Jane Roe"}, 0.0),
        ("bears_and_declares", {"bio": "Parody of @northwind"}, {}, 0.7),
        ("bio_kept", {"bio": "quiet bays and small harbours, by a painter"}, {"bio": BIO}, 1.0),
        ("bio_kept", {"bio": "Nothing of it"}, {"bio": BIO}, 0.0),
        ("bio_similarity", {"bio": BIO.upper()}, {"bio": BIO}, 1.0),
        ("bio_copied", {"bio": f"{BIO}. DM me!"}, {"bio": BIO}, 1.0),
        ("bio_copied", {"bio": "Painter of small harbours"}, {"bio": BIO}, 2 / 5),
        ("bio_copied", {"bio": BIO}, {"bio": "Too short"}, math.nan),
        ("mentions_target", {"bio": "ex @North_Wind"}, {}, 1.0),
        ("mentions_target", {"bio": "ex @northwinds"}, {}, 0.0),
        ("parody_declared", {"bio": "Parody account"}, {}, 0.7),
        ("lure", {"bio": "Text me on +00 555 0100"}, {}, 2.0),
    ],
)
def test_what_they_say_of_profiles(name: str, reported: Fields, protected: Fields, expected: float) -> None:
    assert value(name, reported, protected) == pytest.approx(expected, nan_ok=True)
