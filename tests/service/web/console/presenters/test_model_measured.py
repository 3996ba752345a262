"""The model's page shows what its manifest tells, also where little was measured."""

from classifier.model_store import ModelStore
from service.web.console.presenters.model_measured import measured
from tests.service.conftest import NOW


def test_the_shipped_models_figures_are_those_of_its_manifest(tmp_path):
    store = ModelStore(tmp_path)
    manifest = store.verify(store.current_id())
    found, held_out = measured(manifest, NOW), manifest["training"]["held_out"]
    assert found.cases == (held_out["figures"]["attacks"], held_out["figures"]["genuine"])
    assert dict(found.figures)["genuine accounts that the policy would clear for suspension"] == "0 %"
    attacks, genuine = found.kinds
    assert len(attacks.bars) + len(genuine.bars) == len(held_out["families"])
    assert [bar.length for bar in attacks.bars] == sorted((bar.length for bar in attacks.bars), reverse=True)
    assert {title for title, _ in found.parts} >= {"Followers", "Age of the account"}


def test_a_model_that_was_not_measured_has_no_figures():
    found = measured({"training": {"seed": 1}, "code": "0"}, NOW)
    assert (found.cases, found.figures, found.kinds, found.parts) == (None, (), (), ())
