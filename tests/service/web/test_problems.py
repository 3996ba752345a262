"""Errors on the wire: each is a problem with a status of its own, and never a verdict (R3)."""

import pytest
from starlette.exceptions import HTTPException

from classifier import errors
from classifier.errors import DoublecheckError, InputError
from service.web.problems import MEDIA_TYPE, PROBLEMS, kind_of

NOBODY_S = "00000000-0000-4000-8000-000000000000"
ERRORS = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, DoublecheckError)]
STATUS = {
    "DoublecheckError": 500, "TrainingError": 500, "InputError": 422, "FileFormatError": 422, "RegistryError": 503,
    "RegistryMovedError": 503, "ModelError": 503, "NoModelError": 503, "ManifestError": 503, "OldFormatError": 503,
    "SignatureError": 503, "DigestError": 503,
    "FeatureMismatchError": 503, "PromotionError": 503, "BatchError": 500, "TrackingError": 500,
    "PlatformRuleError": 500,
}  # fmt: skip


@pytest.mark.parametrize("error", ERRORS)
def test_every_error_class_becomes_a_problem_and_never_a_verdict(make_client, error):
    response = make_client(error("SECRET-CAUSE")).check()
    problem = response.json()
    assert response.status_code == problem["status"] == STATUS[error.__name__]
    assert response.headers["content-type"] == MEDIA_TYPE
    assert problem["request_id"] == response.headers["x-request-id"]
    assert problem["type"] == f"/docs#{problem['code']}"
    assert {"title", "detail"} < problem.keys()
    assert not {"verdict", "clearance"} & problem.keys()


def test_what_failed_inside_is_for_the_log_only(make_client, caplog):
    response = make_client(errors.SignatureError("/srv/models/key is missing")).check()
    assert "/srv" not in response.text
    assert "/srv/models/key is missing" in caplog.text
    assert response.headers["x-request-id"] in caplog.text


def test_an_unusable_account_names_its_field(make_client):
    problem = make_client(InputError("is no time", field="created_at")).check().json()
    assert problem["code"] == "bad_input"
    assert problem["errors"] == [{"field": "account.created_at", "message": "is no time"}]


@pytest.mark.parametrize("status", [418, 401, 502])
def test_a_status_outside_the_table_is_an_internal_error(status):
    assert kind_of(HTTPException(status)).code == "internal"


def test_codes_and_the_statuses_they_stand_for_are_unique():
    assert len({kind.code for kind in PROBLEMS.values()}) == len(PROBLEMS)
    assert all(key == kind.status for key, kind in PROBLEMS.items() if isinstance(key, int))


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/v1/checks", "GET, POST"),
        ("/v1/checks/batch", "POST"),
        (f"/v1/checks/{NOBODY_S}", "GET"),
        ("/v1/protected/x/jane", "GET, PUT, DELETE"),
        ("/", "GET, POST"),
        ("/openapi.json", "GET, HEAD"),
    ],
)
@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_an_address_that_does_not_take_a_method_names_all_that_it_takes(client, path, methods, accept):
    refused = client.request("PATCH", path, headers={"Accept": accept})
    assert (refused.status_code, refused.headers["allow"]) == (405, methods)
    assert 405 not in {client.request(one, path).status_code for one in methods.split(", ")}


def test_a_check_s_number_is_a_uuid_and_anything_else_an_address_of_nothing(client):
    assert client.get(f"/v1/checks/{NOBODY_S}").json()["code"] == "unknown_check"
    assert client.get("/v1/checks/batch").json()["code"] == "method_not_allowed"
    assert client.get("/v1/checks/17").json()["code"] == "not_found"
