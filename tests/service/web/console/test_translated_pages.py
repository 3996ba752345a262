"""A translator reaches every sentence: pages in an invented language, made of the catalogue, have no English left.

Each sentence of the catalogue has brackets around it, and letters with marks. What is left in plain letters is data.
"""

import re
from datetime import timedelta
from functools import cache
from html.parser import HTMLParser

import pytest

from service.decisions import alarms
from service.web.console.session_guard import COOKIE
from tests.catalogue import catalogue
from tests.service.conftest import AGENT, ASSESSMENTS, CERTIFICATE, EVIDENCE, JANE, NOW, acted
from tests.service.decisions.test_demands import demanded
from tests.service.stories.appeals import ANN, complained
from tests.service.stories.test_second_looks import BLIND, ask
from tests.service.texts.translations import compiled, language
from tests.service.web.console.conftest import VOID, Person
from tests.service.web.console.test_batch_pages import own_home, upload  # noqa: F401
from tests.service.web.console.test_demand_pages import parody  # noqa: F401
from tests.service.web.console.test_finding_pages import prove
from tests.service.web.console.test_import_pages import BAD, CHANGED, NEW, SAME, send
from tests.service.web.console.test_people_pages import BOSS, CHIEF, invited
from tests.service.web.console.test_second_look_pages import account

TAG = "eo"
KEPT = re.compile(r"(%\(\w+\)s|%%|%-?[A-Za-z](?![a-z])|<[^>]*>|&\w+;|\{\w+\})")
MARKED = str.maketrans("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
                       "áƀćđéƒǵħíĵķĺḿńóṕɋŕśťúṽẃẍýźÁɃĆĐÉƑǴĦÍĴĶĹḾŃÓṔɊŔŚŤÚṼẂẌÝŹ")  # fmt: skip
# Elements that hold data, and none of our words; a headline has both.
DATA = {"code", "textarea", "pre", "kbd", "bdi", "script", "style", "q", "blockquote", "datalist"}
# Names that pages show, of us and of the invented case.
NAMES = set(
    "Doublecheck API UTC CSV HTML Markdown JSON MiB KiB kappa May Jane Roe JaneRoe JaneQuillon parody or team csv "
    "reports agent reviewer admin auditor everybody boss chief maria suspend deactivate delete require_change "
    "impersonation unrelated same_owner mastodon bluesky misskey telegram discord snscrape twarc research platform "
    "doublecheck jsonl ozone Deutsch English Espa Fran ais Portugu may".split()
)  # fmt: skip
# A word in plain letters; what touches a digit, or has capitals within, is part of a number, a hash or a key.
WORD = re.compile(r"(?<![0-9A-Za-z_-])(?:[A-Z][a-z]{2,}|[a-z]{3,})(?![0-9A-Za-z_-])")
EVERYBODY = ("everybody", "agent", "reviewer", "admin", "auditor")
KNOWN = {"paste": "JaneR0e", "platform": "x", "account_id": "9001", "followers": "2,000,000", "verified": "no"}


def marked(text):
    """Return a sentence as the invented language says it; what is filled in and HTML stay."""
    parts = KEPT.split(text)
    return "⟦" + "".join(part if place % 2 else part.translate(MARKED) for place, part in enumerate(parts)) + "⟧"


@cache
def invented():
    said, recorded = {}, {}
    for message in catalogue():
        if message.id:
            several = isinstance(message.id, tuple)
            text = tuple(map(marked, message.id)) if several else marked(message.id)
            (recorded if message.context else said)[message.id] = text
    recorded |= {one.explanation: marked(one.explanation) for one in EVIDENCE}
    recorded[CERTIFICATE.population] = marked(CERTIFICATE.population)
    return language(TAG, said, recorded)


class Seen(HTMLParser):
    """What a reader of a page sees or hears in plain letters."""

    def __init__(self, text):
        super().__init__()
        self.english, self._open = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        for name in ("aria-label", "title", "data-label", "placeholder"):
            if tag != "bdi":
                self._add(found.get(name) or "")
        if tag not in VOID:
            self._open.append("q" if "lang" in found and tag != "html" else tag)

    def handle_endtag(self, tag):  # noqa: ARG002
        self._open.pop()

    def handle_data(self, data):
        if not DATA & set(self._open) or "h1" in self._open:
            self._add(data)

    def _add(self, text):
        if any(word not in NAMES for word in WORD.findall(text)):
            self.english.append(" ".join(text.split()))


def english(page):
    """Return what of a page is still English."""
    assert f'<html lang="{TAG}"' in page.response.text, page.text[:200]
    return Seen(page.response.text).english


class Foreigner(Person):
    """Somebody whose browser asks for the invented language."""

    def send(self, method, path, **options):
        headers = {"accept-language": f"{TAG}, en;q=0.5"} | options.pop("headers", {})
        return super().send(method, path, headers=headers, **options)


@pytest.fixture
def foreigner():
    """Return a maker of people who read the invented language."""
    changed = []

    def make(client, *who):
        languages = client.app.state.pages.languages
        languages[TAG] = invented()
        changed.append(languages)
        return Foreigner(client, *who)

    yield make
    for languages in changed:
        languages.pop(TAG, None)


@pytest.mark.parametrize("answer", ASSESSMENTS)
def test_the_page_of_every_answer(make_client, foreigner, answer):
    reader = foreigner(make_client(answer), *EVERYBODY)
    assert english(reader.check(**KNOWN)) == []
    assert english(reader.check(paste="JaneR0e")) == []


PATHS = [
    "/", "/mine", "/reviews", "/appeals", "/demands", "/findings", "/second-looks", "/batches", "/history", "/overview",
    "/model", "/quality", "/registry", "/registry/changes", "/registry/import", "/registry/add", "/people",
    "/people/add", "/settings", "/browser-button", "/nowhere", "/reviews?q=nobody", "/history?part=jane",
    "/history?handle=JaneR0e", "/appeals?state=upheld", "/demands?state=met", "/people/person?name=everybody",
    "/registry/account?platform=x&handle=JaneRoe", "/registry/edit?platform=x&handle=JaneRoe",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_pages_that_are_opened(make_client, foreigner, path):
    client = make_client("below_threshold")
    reader = foreigner(client, *EVERYBODY)
    foreigner(client, *AGENT).check(**KNOWN)
    assert english(reader.get(path)) == []


@pytest.mark.parametrize("wrong", [
    {"followers": "many", "created_at": "x", "action": "y"}, {"paste": '{"a": 1}'}, {"paste": "two handles"},
    {"paste": "https://x.com/home"}, {"paste": ""}, {"paste": "[]"},
])  # fmt: skip
def test_a_form_that_is_refused(make_client, foreigner, wrong):
    assert english(foreigner(make_client(), *EVERYBODY).check(**KNOWN | {"account_id": ""} | wrong)) == []


def test_signing_in(make_client, foreigner):
    nobody = foreigner(make_client())
    assert english(nobody.get("/sign-in?next=/history")) == []
    assert english(nobody.sign_in("dck_wrong")) == []
    signed_out = foreigner(make_client(), *EVERYBODY)
    signed_out.get("/")
    signed_out.cookie = ""
    assert COOKIE
    assert english(signed_out.send("POST", "/", data={"paste": "JaneR0e"})) == []


def test_answering_and_acting(make_client, foreigner):
    client = make_client("below_threshold", total_daily=10**6)
    agent, first, second = (foreigner(client, name, role) for name, role in (
        ("agent-17", "agent"), ("everybody", "reviewer"), ("admin", "reviewer")))  # fmt: skip
    agent.check(**KNOWN | {"followers": "12"})
    [path] = [link["href"] for link in first.get("/reviews").all("a") if "data-item" in link]
    pages = [first.post(f"{path}/answer", on=path, answer="approve", reason=""),
             first.post(f"{path}/mark", on=path, mark="escalate", comment="Roe?"),
             first.post(f"{path}/answer", on=path, answer="approve", because="copies_profile"),
             first.get(path), second.get(path), second.get("/reviews"),
             second.post(f"{path}/answer", on=path, answer="approve", because="false_support"),
             agent.get("/mine"), agent.post(f"{path}/clearance", on=path), agent.get(path)]  # fmt: skip
    assert [english(page) for page in pages] == [[]] * len(pages)


def test_withdrawing(make_client, foreigner):
    agent = foreigner(make_client("no_target"), *AGENT)
    path = f"/checks/{re.search('checks/([0-9a-f-]{36})', agent.check(**KNOWN).response.text)[1]}"
    withdrawn = agent.post(f"{path}/withdraw", on=path, reason="mistyped")
    assert english(withdrawn) == []
    assert english(agent.get("/history")) == []


def test_an_appeal(make_client, foreigner):
    client = make_client("below_threshold", total_daily=10**6)
    case = complained(client, acted(client))
    path, ann = f"/appeals/{case['appeal_id']}", foreigner(client, *ANN)
    pages = [ann.get("/appeals"), ann.get(path), ann.post(f"{path}/decision", on=path, found="", note=""),
             ann.post(f"{path}/lift", on=path),
             ann.post(f"{path}/decision", on=path, found="overturned namesake", note="Roe"),
             ann.get(f"/checks/{case['check_id']}"), ann.get("/history"),
             ann.get("/appeals?state=overturned")]  # fmt: skip
    assert [english(page) for page in pages] == [[]] * len(pages)


def test_a_demand(parody, foreigner):  # noqa: F811
    demand = demanded(parody)
    reader, path = foreigner(parody, *EVERYBODY), f"/demands/{demand['demand_id']}"
    assert english(reader.get("/demands")) == []
    assert english(reader.get(path)) == []
    parody.clock.at += timedelta(hours=49)
    assert english(reader.get("/demands")) == []
    assert english(reader.get(f"/checks/{demand['check_id']}")) == []


def test_a_proof_and_what_follows_a_check(make_client, foreigner):
    client = make_client(total_daily=10**6)
    check = f"/checks/{client.check().json()['check_id']}"
    ann, agent = foreigner(client, *ANN), foreigner(client, *EVERYBODY)
    pages = [ann.get(f"{check}/proof"), prove(ann, f"{check}/proof", proof="", note=" "),
             prove(ann, f"{check}/proof"),
             ann.get("/findings"), agent.get(f"{check}/text"), agent.get(f"{check}/complaint"),
             agent.get(check)]  # fmt: skip
    assert [english(page) for page in pages] == [[]] * len(pages)


def test_second_looks(make_client, foreigner):
    client = make_client(second_look_share=1)
    ask(client, account=account(1))
    blind = foreigner(client, *BLIND)
    pages = [blind.get("/second-looks"), blind.get("/second-looks/next")]
    path = blind.path
    pages += [blind.post(f"{path}/answer", on=path), blind.post(f"{path}/answer", on=path, relation="unrelated"),
              foreigner(client, "auditor", "auditor").get("/second-looks")]  # fmt: skip
    assert [english(page) for page in pages] == [[]] * len(pages)


def test_files(make_client, own_home, foreigner):  # noqa: F811
    agent = foreigner(make_client(home=own_home), *AGENT)
    assert english(upload(agent)) == []
    assert english(agent.get("/batches")) == []
    assert english(upload(agent, b"")) == []


def test_people_and_keys(make_client, foreigner):
    client = make_client(monitor_minutes=0)
    client.key(*CHIEF)
    boss, chief = foreigner(client, *BOSS), foreigner(client, *CHIEF)
    _, address = invited(boss)
    pages = [boss.get(address), chief.get(address), boss.post("/people/add", on="/people/add"),
             boss.get("/people"),
             chief.post(f"{address}/answer", on=address, answer="approve", reason="Roe"),
             boss.get("/people")]  # fmt: skip
    assert [english(page) for page in pages] == [[]] * len(pages)


def test_the_registry(make_worker, foreigner):
    worker = make_worker()
    worker.key(*CHIEF)
    boss, chief = foreigner(worker, *BOSS), foreigner(worker, *CHIEF)
    draft = send(boss, CHANGED, NEW, SAME, BAD)
    asked = boss.post(f"{boss.path}/ask", on=boss.path)
    path = boss.path
    pages = [draft, asked, chief.get("/registry/changes"), chief.get(path),
             chief.post(f"{path}/answer", on=path, answer="approve", reason="Roe"),
             boss.get(f"/registry/account?platform=x&handle={JANE.handle}"),
             boss.post("/registry/add", on="/registry/add")]  # fmt: skip
    assert [english(page) for page in pages] == [[]] * len(pages)


def test_what_is_wrong_with_the_service(make_client, foreigner, monkeypatch):
    monkeypatch.setattr(alarms, "BELIEVED", 0.0)
    client = make_client("below_threshold", total_daily=10**6)
    monkeypatch.setattr(client.scorer, "withdrawn", {"high": "Roe"})
    client.request("PUT", "/v1/gates/ozone", json={"waiting": 2}, by=("boss", "executor"))
    client.clock.at = NOW + timedelta(minutes=12)
    reader = foreigner(client, *EVERYBODY)
    assert english(reader.get("/overview?period=7d")) == []
    assert english(reader.get("/checks/00000000-0000-0000-0000-000000000000")) == []
    assert english(reader.send("POST", "/reviews/next", data={"csrf": "x"})) == []


def test_a_deployment_s_translation_is_spoken_to_whoever_asks_for_it(make_client, tmp_path):
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "doublecheck.mo").write_bytes(compiled("de", {"Your API key": "Ihr API-Schlüssel"}))
    client = make_client("impersonation", locale=tmp_path)
    page = Person(client).send("GET", "/sign-in", headers={"accept-language": "fr, de-AT;q=0.8, en;q=0.5"})
    assert '<html lang="de">' in page.response.text
    assert page.response.headers["content-language"] == "de"
    assert "Ihr API-Schlüssel" in page.text
    assert "The second pair of eyes" in page.text, "what nobody has translated"


def test_what_is_recorded_and_answered_stays_english(make_client, foreigner):
    client = make_client("below_threshold")
    foreigner(client, *AGENT).check(**KNOWN)
    answer = client.get("/v1/checks", headers={"accept-language": TAG})
    assert "⟦" not in answer.text
    exported = foreigner(client, *EVERYBODY).get("/history/export/checks.csv")
    assert "Needs approval" in exported.response.text
    assert "⟦" not in exported.response.text


def test_a_chosen_reason_is_recorded_in_english(make_client, foreigner):
    client = make_client("below_threshold", total_daily=10**6)
    path = f"/checks/{client.check().json()['check_id']}"
    foreigner(client, *ANN).post(f"{path}/answer", on=path, answer="decline", because="namesake")
    shown = client.get(f"/v1{path}", by=ANN).json()
    assert shown["review"]["approvals"][0]["reason"] == "A namesake: another person with the same name."


def test_a_browser_that_asks_for_no_known_language_gets_english(make_client, foreigner):
    client = make_client()
    foreigner(client)
    page = Person(client).send("GET", "/sign-in", headers={"accept-language": "xx, yy;q=0.3"})
    assert '<html lang="en">' in page.response.text
    assert page.response.headers["vary"] == "Accept-Language"


def test_what_is_filled_in_is_escaped_whatever_the_language(make_client, foreigner):
    page = foreigner(make_client(), *EVERYBODY).check(**KNOWN | {"paste": "<script>alert(1)</script>"})
    assert "<script>alert" not in page.response.text
