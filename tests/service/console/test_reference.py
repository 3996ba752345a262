"""The pages as a browser gets them."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from classifier.authenticity import AUDIENCE
from classifier.evidence import Evidence
from service.console.forms import LABELS
from service.problems import PROBLEMS

SCRIPT = "<script>alert(1)</script>"
HEADLINES = {
    "impersonation": "Imitates @JaneRoe: 99.2 %.",
    "below_threshold": "Not enough to act alone: ask a second person.",
    "no_certificate": "Not enough to act alone: ask a second person.",
    "direction_unknown": "Looks like @JaneRoe, but which is the original is not known: ask a second person.",
    "is_protected": "This IS the protected account of @JaneRoe: do not act.",
    "declared_secondary": "This is a genuine second account of @JaneRoe: do not act.",
    "same_owner": "This may be another genuine account of @JaneRoe: ask a second person.",
    "parody_or_fan": "It says that it is a parody or fan account of @JaneRoe: ask a second person.",
    "unrelated": "It resembles @JaneRoe, but not enough to imitate it: ask a second person.",
    "no_target": "It resembles no protected account: ask a second person.",
}
WORDS = {"refused": "Do not act", "needs_review": "Ask a second person", "cleared": "Cleared to act"}
VOID = {"meta", "link", "input", "br"}
SVG_LEAVES = {"rect", "path", "circle"}


class Page(HTMLParser):
    """A page taken apart; elements that are not closed in order are an error."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.texts, self._open = [], [], []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        assert tag in SVG_LEAVES
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    @property
    def text(self):
        return " ".join("".join(self.texts).split())

    def all(self, *tags):
        return [attributes for tag, attributes in self.elements if tag in tags]


@pytest.fixture
def form():
    return {
        "handle": "JaneR0e", "platform": "x", "account_id": "9001", "display_name": "Jane Roe", "followers": "1,200",
        "created_at": "2026-04-20", "verified": "no", "bio": "Chair of Northwind", "links": "https://a.example\nhttps://b.example",
        "action": "suspend", "actor_id": "agent-17", "format": "doublecheck", "profile": "",
    }  # fmt: skip


def test_the_first_page_is_the_form(client):
    page = Page(client.get("/").text)
    named = {attributes["name"] for attributes in page.all("input", "select", "textarea")}
    assert named == LABELS.keys() - {"api_key"}
    assert page.all("form") == [{"method": "post", "action": "/", "accept-charset": "utf-8"}]


def test_a_registry_of_people_is_shown_to_nobody_without_a_key(make_client, form, tmp_path):
    registry = tmp_path / "registry.csv"
    registry.write_text("platform,handle\nx,JaneRoe\n", encoding="utf-8")
    client = make_client(registry=registry)
    assert "api_key" in {attributes.get("name") for attributes in Page(client.get("/").text).all("input")}
    refused = client.post("/", data=form)
    assert refused.status_code == 422
    assert "This is no API key in force" in refused.text.replace("this is", "This is")
    key = client.key("somebody", "auditor")
    shown = client.post("/", data=form | {"api_key": key})
    assert shown.status_code == 200
    assert key not in shown.text


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_pages_need_nothing_that_their_policy_forbids(client, path):
    page = Page(client.get(path).text)
    assert not page.all("script", "style", "img", "iframe", "object")
    assert not [
        name for _, attributes in page.elements for name in attributes if name == "style" or name.startswith("on")
    ]
    addresses = [attributes.get("href") for attributes in page.all("a", "link")]
    assert all(address.startswith(("/", "#")) for address in addresses)


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_every_link_leads_somewhere(client, path):
    page = Page(client.get(path).text)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for attributes in page.all("a", "link"):
        address = attributes["href"]
        assert address[1:] in ids if address.startswith("#") else client.get(address).status_code == 200


def test_every_field_has_its_label_and_descriptions_exist(make_client, form):
    page = Page(make_client().post("/", data=form | {"handle": "", "followers": "many"}).text)
    labels = {attributes["for"] for attributes in page.all("label")}
    ids = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    for attributes in page.all("input", "select", "textarea"):
        assert attributes["id"] in labels
        assert set(attributes.get("aria-describedby", "").split()) <= ids


def test_each_answer_on_the_page(make_client, form, answer):
    client = make_client(answer)
    response = client.post("/", data=form)
    page = Page(response.text)
    verdict = client.check().json()["verdict"]
    assert response.status_code == 200
    assert HEADLINES[answer] in page.text
    assert WORDS[verdict] in page.text
    assert f'<section class="verdict {verdict}">' in response.text
    assert all(reason["text"] in page.text for reason in client.check().json()["reasons"])
    assert not page.all("script", "style")
    assert not [attributes for _, attributes in page.elements if "style" in attributes]


def test_both_accounts_side_by_side_with_differences_marked(client, form):
    html = client.post("/", data=form | {"display_name": "Jane R\u043ee"}).text
    assert "JaneR<mark>0</mark>e" in html
    assert "JaneR<mark>o</mark>e" in html
    assert "Cyrillic Small Letter O" in html
    assert "2,400,000" in html


def test_evidence_has_bars_numbers_and_words(client, form):
    page = Page(client.post("/", data=form).text)
    bars = [(share["x"], share["width"]) for share in page.all("rect") if "x" in share]
    assert bars == [("50", "35.0"), ("50", "13.42"), ("50", "7.5"), ("39.17", "10.83")]
    assert "+4.20 for imitation" in page.text
    assert "-1.30 against it" in page.text


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, "Bought, spam or automated: 93.0 %, supposing as many such accounts as genuine ones. That is above the "
             "certified threshold: flagged as inauthentic."),
        ({"inauthentic": False}, "That is not above the certified threshold: not flagged."),
        ({"inauthentic": None, "inauthentic_reason": "no certified threshold"},
         "93.0 %, supposing as many such accounts as genuine ones. It is not flagged: no certified threshold."),
        ({"inauthentic_probability": None, "inauthentic": None, "inauthentic_reason": "out of what it knows: posts"},
         "No answer: out of what it knows: posts."),
    ],
)  # fmt: skip
def test_what_the_account_says_by_itself_and_what_that_is_not(make_client, form, changes, shown):
    text = Page(make_client(replace(make_client().scorer.answer, **changes)).post("/", data=form).text).text
    assert shown in text
    assert "It never clears anything" in text
    assert f"for an account with fewer than {AUDIENCE} followers" in text


def test_the_entered_values_are_kept(client, form):
    for page in (client.post("/", data=form).text, client.post("/", data=form | {"actor_id": ""}).text):
        assert 'value="JaneR0e"' in page
        assert '<option value="no" selected>' in page
        assert "https://a.example\nhttps://b.example" in page


@pytest.mark.parametrize(
    ("changes", "name", "message"),
    [
        ({"handle": ""}, "handle", "is required"),
        ({"handle": "@"}, "handle", "the handle is missing"),
        ({"followers": "many"}, "followers", "must be a whole number"),
        ({"created_at": "yesterday"}, "created_at", "RFC 3339"),
        ({"verified": "perhaps"}, "verified", "must be true or false"),
        ({"action": "ban"}, "action", "suspend"),
        ({"actor_id": " "}, "actor_id", "is required"),
        ({"profile": "{"}, "profile", "is not JSON"),
        ({"profile": "[1]"}, "profile", "must be an object"),
        ({"profile": "{}", "format": "x-v1"}, "profile", "handle"),
        ({"profile": "{}", "format": "myspace"}, "format", "x-v1"),
        ({"profile": "[" * 10_000}, "profile", "deeper"),
    ],
)
def test_a_mistake_is_shown_at_its_field(client, form, changes, name, message):
    response = client.post("/", data=form | changes)
    page = Page(response.text)
    assert response.status_code == 422
    assert [
        attributes["name"] for attributes in page.all("input", "select", "textarea") if "aria-invalid" in attributes
    ] == [name]
    assert message in page.text
    assert f'<a href="#{name}">{LABELS[name]}</a>' in response.text
    assert "Nothing was checked" in page.text


def test_a_pasted_profile_is_read(client, form):
    profile = '{"username": "JaneR0e", "name": "Jane Roe", "public_metrics": {"followers_count": 7}}'
    response = client.post("/", data=form | {"handle": "", "profile": profile, "format": "x-v2"})
    assert response.status_code == 200
    assert client.scorer.seen[0].followers == 7


@pytest.mark.parametrize("name", sorted(LABELS))
def test_no_input_becomes_markup(client, form, name):
    for hostile in (SCRIPT, f'"><{SCRIPT}', "</textarea>" + SCRIPT, "{{ 7919 * 7919 }}"):
        page = client.post("/", data=form | {name: hostile}).text
        assert SCRIPT not in page
        assert "62710561" not in page
        assert not Page(page).all("script")


def test_no_text_of_a_profile_becomes_markup(client, form):
    profile = f'{{"username": "a", "name": "{SCRIPT}", "description": "{SCRIPT}", "{SCRIPT}": 1}}'
    assert SCRIPT not in client.post("/", data=form | {"profile": profile, "format": "x-v2"}).text


@pytest.mark.parametrize(
    "text", ["\x00", "\u202e\u2066", "\\ud800", "a" * 5000, "\U0001f600" * 300, "e" + "\u0301" * 3000, "%ff%fe"]
)
def test_odd_text_breaks_no_page(client, form, text):
    for changes in ({"handle": "a" + text}, {"display_name": text}, {"profile": f'{{"handle": "a{text}"}}'}):
        response = client.post("/", data=form | changes)
        assert response.status_code in {200, 422}
        Page(response.text)


def test_bytes_that_are_no_text_break_nothing(client):
    headers = {"content-type": "application/x-www-form-urlencoded"}
    response = client.post("/", content=b"handle=%ff%fe\xff&action=suspend&actor_id=a", headers=headers)
    assert response.status_code == 200


@pytest.mark.parametrize("media_type", ["multipart/form-data; boundary=a", "application/json", "text/plain"])
def test_only_the_form_is_taken(client, media_type):
    assert client.post("/", content=b"", headers={"content-type": media_type}).status_code == 415


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "http://testserver"}, 403),
        ({"origin": "http://testserver"}, 200),
        ({"origin": "http://testserver.evil.example"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
    ],
)
def test_forms_of_other_sites_are_refused(client, form, headers, status):
    response = client.post("/", data=form, headers=headers)
    assert response.status_code == status
    if status == 403:
        assert response.json()["code"] == "cross_site"


def test_a_failing_model_is_no_page_with_a_verdict(make_client, form):
    response = make_client(RuntimeError("x")).post("/", data=form)
    assert response.status_code == 500
    assert response.json()["code"] == "internal"


def test_invented_accounts_are_announced(make_client, tmp_path):
    assert "invented: @JaneRoe" in Page(make_client().get("/").text).text
    assert "invented" not in make_client(registry=tmp_path / "registry.csv").get("/").text


def test_the_page_names_what_serves(client):
    text = Page(client.get("/").text).text
    assert "1 protected account ·" in text
    assert client.scorer.model_id[:24] in text


def test_the_style_sheet_may_be_kept_for_good(client):
    response = client.get(Page(client.get("/").text).all("link")[0]["href"])
    assert response.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in response.headers["cache-control"]


def test_the_style_sheet_loads_nothing(client):
    style = client.get("/static/style.css").text
    assert "url(" not in style
    assert "@import" not in style


def test_the_reference_shows_every_route_and_every_code(client):
    html = client.get("/docs").text
    page = Page(html)
    for path, methods in client.get("/openapi.json").json()["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}" in page.text
    for kind in PROBLEMS.values():
        assert f'id="{kind.code}"' in html


def test_the_reference_shows_every_field(client):
    page = Page(client.get("/docs").text)
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    for name in ("AccountIn", "ActorIn", "RawCheckIn", "CheckResponse", "Problem"):
        assert all(field in page.text for field in schemas[name]["properties"])


def test_a_problem_type_leads_to_its_place_in_the_reference(client):
    address, _, anchor = client.get("/nowhere").json()["type"].partition("#")
    assert f'id="{anchor}"' in client.get(address).text


def test_no_text_of_an_answer_becomes_markup(make_client, form):
    answer = make_client().scorer.answer
    target = replace(answer.target, handle=SCRIPT, display_name=SCRIPT, account_id=SCRIPT)
    evidence = tuple(Evidence(SCRIPT, SCRIPT, 1.0, SCRIPT, SCRIPT, 1.0) for _ in range(8))
    certificate = replace(answer.certificate, population=SCRIPT)
    hostile = replace(answer, target=target, evidence=evidence, certificate=certificate, model_id=SCRIPT)
    page = make_client(hostile).post("/", data=form).text
    assert SCRIPT not in page
    assert not Page(page).all("script")


def test_evidence_of_less_weight_is_folded_away(make_client, form):
    evidence = tuple(Evidence("f", f"Finding {number}.", 1.0, "", "", 0.0) for number in range(8))
    text = Page(make_client(replace(make_client().scorer.answer, evidence=evidence)).post("/", data=form).text).text
    assert "2 more, of less weight" in text
    assert text.index("Finding 5.") < text.index("2 more") < text.index("Finding 6.")
    assert "+0.00 neither way" in text
