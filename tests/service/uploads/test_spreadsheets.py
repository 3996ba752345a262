import csv
import json

from hypothesis import example, given
from hypothesis import strategies as st

from service.uploads.spreadsheets import SHOWN, harmless, write_sheets

ODD = st.text(st.sampled_from("=+-@\t\r\n;, |a'＝＠"), max_size=12)


@given(ODD)
@example("a;=cmd|'/c calc'!A0")
@example("\ufeff=1+1")
def test_no_cell_begins_a_formula_in_any_country(text):
    for separators in (",", ";", "\t", "|"):
        for cell in harmless(text).replace("\r", separators).replace("\n", separators).split(separators):
            assert not cell.strip(" \ufeff\u200b").startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


@given(st.text("abcXYZ_0189 .é中", max_size=20))
def test_ordinary_text_stays_as_it_is(text):
    assert harmless(text) == text


def answer(row, verdict="needs_review", relation="impersonation", probability=0.5, **more):
    return {
        "row": row, "platform": "x", "account_id": "1", "handle": "a", "relation": relation, "target_handle": "b",
        "target_id": "2", "impersonation_probability": probability, "clearing_probability": probability,
        "inauthentic_probability": None,
        "inauthentic": True, "inauthentic_reason": None, "verdict": verdict,
        "reasons": [{"code": "c", "text": "Because."}], "model_id": "m", "error": None, "error_reason": None,
        "source": "upload.csv", "campaign": None,
    } | more  # fmt: skip


def written(tmp_path, rows):
    answers = tmp_path / "answers.jsonl"
    answers.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    write_sheets(answers, tmp_path)
    with (tmp_path / "answers.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file)), json.loads((tmp_path / "attention.json").read_text(encoding="utf-8"))


def test_the_spreadsheet_has_every_row_and_no_formula(tmp_path):
    hostile = ['=HYPERLINK("http://evil.example")', "+1", "-1", "@SUM(A1)", "\t=1", "a\n=1", 'x","=1', "plain\u2028x"]
    cells, _ = written(tmp_path, [answer(n, handle=text, account_id=text) for n, text in enumerate(hostile, 1)])
    assert [row["row"] for row in cells] == [str(n) for n in range(1, len(hostile) + 1)]
    assert (
        [row["handle"] for row in cells] == [row["account_id"] for row in cells] == [harmless(one) for one in hostile]
    )
    assert cells[0]["inauthentic"] == "true"
    assert json.loads(cells[0]["reasons"])[0]["text"] == "Because."
    assert cells[0]["error"] == ""


def test_what_to_look_at_first_is_what_may_not_be_acted_on_and_then_imitations(tmp_path):
    rows = [answer(n, probability=n / 100) for n in range(1, 31)]
    rows += [answer(31, "refused", "is_protected", 0.0), answer(32, "cleared"), answer(33, relation="unrelated")]
    rows += [answer(34, None, None, None, reasons=[], error="no", error_reason="no_handle")]
    _, attention = written(tmp_path, rows)
    assert {name: kind["count"] for name, kind in attention.items()} == {"refused": 1, "cleared": 1, "needs_review": 30}
    assert [row["row"] for row in attention["needs_review"]["first"]] == list(range(30, 30 - SHOWN, -1))
    assert attention["refused"]["first"][0]["reasons"] == ["Because."]


def test_of_equals_the_first_rows_of_the_file_are_shown(tmp_path):
    _, attention = written(tmp_path, [answer(n) for n in range(1, 40)])
    assert [row["row"] for row in attention["needs_review"]["first"]] == list(range(1, SHOWN + 1))
