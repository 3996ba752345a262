from pathlib import Path

import pytest

from classifier.errors import FileFormatError
from classifier.importers.readers.source import read_rows


def rows(tmp_path: Path, text: str) -> list[object]:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return [raw.values or str(raw.error) for raw in read_rows(path)]


@pytest.mark.parametrize(
    "text",
    [
        "platform,handle,bio\nx,quill,a;b\n",
        'platform;handle;bio\r\nx;quill;"a;b"\r\n',
        "platform\thandle\tbio\nx\tquill\ta;b\n",
        "sep=,\nplatform,handle,bio\nx,quill,a;b\n",
        'sep=;\r\nplatform;handle;bio\r\nx;quill;"a;b"\r\n',
        '"sep=;"\nplatform;handle;bio\nx;quill;"a;b"\n',
        "SEP=\t\nplatform\thandle\tbio\nx\tquill\ta;b\n",
        '\ufeffplatform;"handle";bio\nx;quill;"a;b"\n',
    ],
)
def test_every_common_dialect_is_read(tmp_path: Path, text: str) -> None:
    assert rows(tmp_path, text) == [{"platform": "x", "handle": "quill", "bio": "a;b"}]


def test_quotes_and_misfits_name_the_separator(tmp_path: Path) -> None:
    found = rows(tmp_path, 'handle;bio\na;b;c\n"d;e\nf;"g""h"\n')
    assert "quote values that contain a semicolon" in str(found[0])
    assert "not CSV" in str(found[1])
    assert found[2] == {"handle": "f", "bio": 'g"h'}


@pytest.mark.parametrize("text", ["platform|account_id|handle\nx|1|quill\n", "sep=|\nplatform|handle\nx|quill\n"])
def test_another_separator_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(FileFormatError, match="separated by something else than a comma, a semicolon, a tab"):
        rows(tmp_path, text)


def test_a_comma_in_quoted_names_is_no_separator(tmp_path: Path) -> None:
    assert rows(tmp_path, '"name, full";handle\nQ;quill\n') == [{"name, full": "Q", "handle": "quill"}]


def test_a_single_column(tmp_path: Path) -> None:
    assert rows(tmp_path, "handle\nquill\n") == [{"handle": "quill"}]


@pytest.mark.parametrize(
    "header", ["handle,account_id,Account ID", "handle,Handle,platform", "handle,account_id,account-id "]
)
def test_two_columns_of_one_name_are_refused_however_each_is_written(tmp_path: Path, header: str) -> None:
    with pytest.raises(FileFormatError, match="each once"):
        rows(tmp_path, f"{header}\nquill,12,13\n")
