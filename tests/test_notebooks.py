"""Every notebook runs from top to bottom, without an error, a warning or a word on standard error."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


# The kernel's own warning about its loopback sockets, and the loop it leaves to the garbage collector.
@pytest.mark.filterwarnings("ignore:.*:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_and_defines_nothing(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(line.startswith(("def ", "class ")) for cell in code for line in cell.source.splitlines())
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()
    streams = [output for cell in code for output in cell.outputs if output.output_type == "stream"]
    assert not [output.text for output in streams if output.name == "stderr"]
    pictures = [output for cell in code for output in cell.outputs if "image/svg+xml" in output.get("data", {})]
    assert len(pictures) >= 3
    plain = [output["data"] for cell in code for output in cell.outputs if "data" in output]
    words = [data["text/plain"] for data in plain if data.keys() == {"text/plain"}]
    assert all(len(text.splitlines()) <= 10 for text in words), "nobody scrolls through numbers"
