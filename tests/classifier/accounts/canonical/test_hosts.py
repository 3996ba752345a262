import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.canonical.hosts import canonical_host


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("Social.Example", "social.example"),
        ("social.example.", "social.example"),
        ("social。example", "social.example"),
        ("ｓocial．example", "social.example"),
        ("käseladen.example", "xn--kseladen-0za.example"),
        ("KÄSELADEN.example", "xn--kseladen-0za.example"),
        ("ka\u0308seladen.example", "xn--kseladen-0za.example"),
        ("XN--kseladen-0za.example", "xn--kseladen-0za.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("💩.example", "xn--ls8h.example"),
        ("my_host.example", "my_host.example"),
    ],
)
def test_a_host_has_one_form(text: str, host: str) -> None:
    assert canonical_host(text) == host


@pytest.mark.parametrize(
    "text", ["", "host", "no host.example", "a..b", "-a.example", "a/b.example", "[::1]", "a" * 260, "x@y.z"]
)
def test_what_is_no_host(text: str) -> None:
    assert canonical_host(text) is None


def test_hosts_that_look_alike_are_different_hosts() -> None:
    others = ["soc\u0456al.example", "sociаl.example", "s0cial.example", "socíal.example", "strasse.example"]
    found = [canonical_host(text) for text in ("social.example", *others, "straße.example")]
    assert None not in found
    assert len(set(found)) == len(found)


@given(st.text(max_size=40))
def test_the_canonical_form_is_its_own(text: str) -> None:
    host = canonical_host(text)
    if host is not None:
        assert canonical_host(host) == host
        assert host.isascii()
