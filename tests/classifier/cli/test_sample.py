from pathlib import Path

from tests.classifier.cli.asking import Run, succeeded


def test_sample_writes_its_files_and_names_them(run: Run, tmp_path: Path) -> None:
    result = run("sample", "-o", tmp_path / "data")
    succeeded(result)
    assert result.stdout.split() == sorted(map(str, (tmp_path / "data").iterdir()))
    assert (tmp_path / "data" / "registry.csv").is_file()
