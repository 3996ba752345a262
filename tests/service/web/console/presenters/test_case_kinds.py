"""No page shows the name that a kind of account has in the code."""

import re

import pytest

from classifier.model_store import ModelStore
from classifier.simulation import FAMILIES
from service.schemas.checks import CertificateOut
from service.web.console.presenters.case_kinds import KINDS, measured_on
from service.web.console.presenters.sentences import certificate


def test_every_kind_that_is_simulated_has_words_of_its_own():
    assert set(KINDS) == set(FAMILIES)
    assert len(set(KINDS.values())) == len(KINDS)
    assert not [words for words in KINDS.values() if "_" in words]


@pytest.mark.parametrize("tier", ["standard", "high"])
def test_the_certificate_of_the_shipped_model_shows_no_internal_name(tmp_path, tier):
    store = ModelStore(tmp_path)
    model = store.load(store.current_id()).model
    population = model.certificates[tier].population
    found = measured_on(population)
    assert found.kinds
    assert set(found.kinds) <= set(KINDS.values())
    said = certificate(CertificateOut.model_validate(model.certificates[tier], from_attributes=True))
    assert "(simulated genuine accounts around invented protected accounts)" in said
    assert not re.search(r"_|evenly|registry", said + "".join(found.kinds))


def test_another_population_is_said_as_it_is():
    assert measured_on("accounts (of our own, 2026)") == ("accounts (of our own, 2026)", ())
