import pytest

from classifier.text.normalization import STYLED, loose_key, scripts
from classifier.text.search_keys import joined, name_keys
from classifier.text.upright import upright

TURNED = dict(zip("abcdefghijklmnopqrstuvwxyz", "ɐqɔpǝɟƃɥᴉɾʞlɯuodbɹsʇnʌʍxʎz", strict=True)) | {"M": "W", "V": "Λ"}
MIRRORED = dict(zip("abcdefghijklmnopqrstuvwxyz", "ɒdɔbɘᎸǫʜiꞁʞlmᴎoqpɿƨƚuvwxγz", strict=True))


def written(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(char, char) for char in text)


@pytest.mark.parametrize("table", [TURNED, MIRRORED], ids=["turned", "mirrored"])
@pytest.mark.parametrize("step", [1, -1], ids=["from the beginning", "from the end"])
@pytest.mark.parametrize("name", ["marta quibbenthal", "Viktor Aldebrandsen", "Mona Teravainen"])
def test_turned_text_is_read_as_what_it_looks_like(name: str, table: dict[str, str], step: int) -> None:
    shown = written(name, table)[::step]
    assert {char.casefold() for char in name} <= {char.casefold() for one in upright(shown) for char in one}
    assert name.casefold() in {one.casefold() for one in upright(shown)}
    meant = {joined(key) for key in name_keys(name)}
    assert meant & {joined(key) for key in name_keys(shown)}


def test_an_upside_down_name_has_the_loose_key_of_the_name() -> None:
    assert loose_key(written("viktor aldebrandsen", TURNED)[::-1]) == loose_key("Viktor Aldebrandsen")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Jane Roe",
        "Renée",
        "ɔdw",
        "Kwəsi Mənsah",
        "Səidə Əliyeva",
        "בן־ציון נתן",
        "Ɛdem Kɔfi Agbɔ",
        "Яна Яковлева",
        "ſanctus",
        "山田",
    ],
)
def test_other_text_is_read_as_it_is(text: str) -> None:
    assert upright(text) == ()


ALPHABETS = {
    "Yi": "ꍏꌃꉓꀸꍟꎇꁅꃅꀤꀭꀘ꒒ꎭꈤꂦꉣꆰꋪꌗ꓄ꀎꃴꅏꊼꌩꁴ",
    "Canadian syllabics": "ᗩᗷᑕᗪᗴᖴᘜᕼᓰᒍKᒪᗰᑎᗝᑭᑫᖇᔕᖶᑌᐯᗯ᙭ᖻᘔ",
    "Ethiopic": "ልጌርዕቿቻኗዘጎጋጕረጠክዐየዒዪነፕሁሀሠሸሃጊ",
    "Cherokee": "ᎪᏴᏟᎠᎬFᏀᎻᎥᎫᏦᏞᎷNᎾᏢQᏒᏚᎢUᏙᏔXᎽᏃ",
    "Han": "卂乃匚刀乇下厶卄工丁长乚爪几口尸㔿尺丂丅凵V山乂丫乙",
    "currency signs": "₳฿₵ĐɆ₣₲ⱧłJ₭Ⱡ₥₦Ø₱QⱤ₴₮ɄV₩ӾɎⱫ",
    "Latin like runes": "ǟɮƈɖɛʄɢɦɨʝӄʟʍռօքզʀֆȶʊʋաӼʏʐ",
    "Latin like Greek": "αႦƈԃҽϝɠԋιʝƙʅɱɳσρϙɾʂƚυʋɯxყȥ",
}


@pytest.mark.parametrize("alphabet", ALPHABETS.values(), ids=ALPHABETS)
@pytest.mark.parametrize("name", ["marta dolmiere", "hank brizley", "joe fagundes"])
def test_fancy_alphabets_are_read_as_the_letters_they_look_like(name: str, alphabet: str) -> None:
    table = dict(zip("abcdefghijklmnopqrstuvwxyz", alphabet, strict=True))
    shown = written(name, table)
    assert shown != name
    assert set(name_keys(name)) & set(name_keys(shown))
    assert loose_key(name) == loose_key(shown)


@pytest.mark.parametrize("shown", ["Mɐɹta Dolɯiere", "maɹʇa dolmiǝre", "mǝǝta dolɯiere"])
def test_single_turned_letters_are_read_where_they_stand(shown: str) -> None:
    assert upright(shown) == ()
    assert loose_key(shown) in {loose_key("marta dolmiere"), loose_key("meeta dolmiere")}


def test_the_table_of_fancy_letters_has_no_letter_of_ascii() -> None:
    assert all(code > 127 and letter.isascii() and letter.isalpha() for code, letter in STYLED.items())
    assert len(STYLED) > 400


def test_the_tables_are_those_of_unicode_17() -> None:
    assert scripts(chr(0x10940)) == {"Sidetic"}  # a script that Unicode 17 added
