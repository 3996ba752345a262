"""What claims say: who, in which roles; what they do not say is never assumed."""

from hypothesis import given
from hypothesis import strategies as st

from service.auth.api_keys import ROLES
from service.auth.oidc.claims import claim, person_of
from service.auth.oidc.registration import Registration

VALUES = {"leads": frozenset({"admin", "auditor"}), "all": frozenset({"agent"})}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["leads", "all"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def registered(**changes):
    given_ = {
        "issuer": "https://login.example", "client_id": "c", "client_secret": None, "called": "Example",
        "scopes": "openid", "person_claim": "login", "roles_claim": "groups", "roles": VALUES, "ends_session": False,
    }  # fmt: skip
    return Registration(**given_ | changes)


def found(claims, **changes):
    return person_of({"sub": "1", "login": "jane"} | claims, registered(**changes))


def test_roles_of_several_values_add_up_and_unknown_values_are_nothing():
    assert found({"groups": ["leads", "all", "other"]}).roles == {"admin", "auditor", "agent"}
    assert found({"groups": "all"}).roles == {"agent"}
    assert found({"groups": ["leads"]}).fault == ""


def test_a_claim_may_lie_deeper():
    claims = {"resource_access": {"doublecheck": {"roles": ["all"]}}}
    assert found(claims, roles_claim="resource_access.doublecheck.roles").roles == {"agent"}
    assert claim({"a": ["b"]}, "a.b") is None


def test_the_same_id_at_another_issuer_is_another_account():
    one, other = found({}), found({}, issuer="https://login2.example")
    assert one.subject != other.subject
    assert one.subject == found({"login": "someone else"}).subject
    assert one.subject != found({"sub": "2"}).subject


@given(JSON, JSON)
def test_whatever_a_provider_says_gives_only_roles_that_are_registered(login, groups):
    person = found({"login": login, "groups": groups})
    assert person.roles <= {"admin", "auditor", "agent"} <= set(ROLES)
    said = groups if isinstance(groups, list) else [groups]
    assert bool(person.roles) == any(value in ("leads", "all") for value in said if isinstance(value, str))
    assert person.fault or (isinstance(login, str) and person.roles)
