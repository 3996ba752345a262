"""The shipped registry is the one that the simulation invents."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from classifier.registry.demonstration import demonstration_registry
from classifier.simulation.population import sample_registry

ROOT = Path(__file__).parents[3]


def test_it_is_what_the_simulation_invents() -> None:
    found, invented = demonstration_registry(), sample_registry()
    assert found == invented
    assert found.version == invented.version


def test_its_file_is_the_sample_file() -> None:
    """Where the sample files were written anew: cp data/registry.csv classifier/registry/demonstration.csv."""
    shipped = (files("classifier.registry") / "demonstration.csv").read_bytes()
    assert shipped == (ROOT / "data" / "registry.csv").read_bytes()
