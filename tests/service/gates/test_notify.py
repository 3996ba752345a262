"""Notices: each event is told once to each recipient, survives a restart, and names nobody by itself."""

import json
from datetime import timedelta
from email import message_from_bytes
from smtplib import SMTPServerDisconnected

import pytest

from service.errors import SettingsError
from service.gates.book import Book
from service.gates.errors import LaterError
from service.gates.notify import notifier as module
from service.gates.notify import send
from service.gates.notify.events import Event, withdrawn
from service.gates.notify.notifier import Notifier
from service.gates.notify.settings import Settings
from service.gates.settings import load
from service.gates.standard_webhooks import is_genuine, read_secret
from tests.service.client.wire import InProcess
from tests.service.conftest import body
from tests.service.gates.fakes.loopback import Answer, Loopback

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 -- of a documentation
LARGE = body()["account"] | {"followers": 200_000}
REVIEWERS = (("reviewer-1", "reviewer"), ("reviewer-2", "reviewer"))


class Receiver(Loopback):
    """Takes notices."""

    def answer(self, _asked):
        return Answer(200, {})

    @property
    def told(self):
        return [asked.json for asked in self.asked]


@pytest.fixture
def receiver():
    with Receiver() as found:
        yield found


class Desk:
    """A notifier in front of a service in this process."""

    def __init__(self, service, directory, receiver, **changes):
        self.service, self.directory = service, directory
        given = {"url": "http://localhost", "key": service.key("the-notifier", "auditor"), "gate_state": directory}
        given |= {"gate_notify_webhooks": f"{receiver.url}/hook", "gate_notify_secret": SECRET}
        self.settings = Settings(**given | changes)
        self.start()

    def start(self):
        self.book = Book(self.directory, "notify", clock=self._now)
        self.notifier = Notifier(self.settings, InProcess(self.service.app))

    def _now(self):
        return self.service.clock.at.timestamp()

    def restart(self):
        self.close()
        self.start()

    def close(self):
        self.notifier.close()
        self.book.close()

    def poll(self):
        self.service.clock.at += timedelta(seconds=1)
        self.notifier.poll(self.book)

    def waiting(self):
        return self.service.check(account=LARGE).json()["check_id"]

    def review(self, check_id, answer="approve"):
        for by in REVIEWERS if answer == "approve" else REVIEWERS[:1]:
            self.service.get(f"/v1/checks/{check_id}", by=by)
            self.service.post(f"/v1/checks/{check_id}/approvals", json={"answer": answer, "reason": "Looked."}, by=by)


@pytest.fixture
def desk(make_client, tmp_path, receiver):
    made = []

    def make(**changes):
        service = make_client("impersonation", database_url=f"sqlite:///{tmp_path}/service.db")
        made.append(Desk(service, tmp_path / "notify", receiver, **changes))
        made[-1].poll()  # the first look: what waits already is in the queue
        return made[-1]

    yield make
    for one in made:
        one.close()


def kinds(receiver):
    return [told["type"] for told in receiver.told]


@pytest.mark.parametrize(("answer", "end"), [("approve", "approvals.approved"), ("decline", "approvals.declined")])
def test_a_check_that_waits_is_told_and_how_it_ends_each_once(desk, receiver, answer, end):
    one = desk()
    check_id = one.waiting()
    one.poll()
    one.poll()
    assert kinds(receiver) == ["approvals.wanted"]
    one.review(check_id, answer)
    one.poll()
    one.poll()
    assert kinds(receiver) == ["approvals.wanted", end]
    assert receiver.told[0]["data"]["check_id"] == check_id
    assert receiver.told[0]["data"]["url"] == f"http://localhost/checks/{check_id}"


def test_what_waited_before_the_first_start_is_not_told(desk, receiver):
    one = desk()
    one.close()
    one.waiting()
    (one.directory / "notify.db").unlink()
    one.start()
    one.poll()
    assert kinds(receiver) == []


def test_an_answer_that_is_due_soon_is_told_once(desk, receiver):
    one = desk(gate_notify_hours=4)
    one.waiting()
    one.poll()
    one.service.clock.at += timedelta(hours=69)
    one.poll()
    one.poll()
    assert kinds(receiver)[:2] == ["approvals.wanted", "approvals.lapsing"]
    assert kinds(receiver).count("approvals.lapsing") == 1


def test_a_review_that_lapsed_is_told(desk, receiver):
    one = desk()
    one.waiting()
    one.poll()
    one.service.clock.at += timedelta(days=60)
    one.poll()
    assert kinds(receiver) == ["approvals.wanted", "approvals.lapsed"]


def test_nobody_is_named_unless_that_is_configured(desk, receiver, caplog):
    one = desk()
    one.waiting()
    one.poll()
    assert LARGE["handle"] not in json.dumps(receiver.told) + caplog.text


def test_names_are_in_what_is_told_where_that_is_configured(desk, receiver):
    one = desk(gate_notify_names=True)
    one.waiting()
    one.poll()
    assert receiver.told[0]["data"]["handle"] == LARGE["handle"]


def test_what_is_told_is_signed(desk, receiver):
    one = desk()
    one.waiting()
    one.poll()
    [asked] = receiver.asked
    assert is_genuine(read_secret(SECRET), asked.headers, asked.body, one.book.now())


@pytest.mark.parametrize("fault", [500, 429, 404, "half"])
def test_what_is_not_taken_is_sent_again_also_after_a_restart_under_the_same_id(desk, receiver, fault):
    receiver.faults["POST /hook"] = [fault]
    one = desk()
    one.waiting()
    one.poll()
    one.restart()
    one.poll()
    one.poll()
    assert len({asked.headers["webhook-id"] for asked in receiver.asked}) == 1
    assert one.book.marks("out:") == {}


def test_what_nobody_takes_is_given_up_after_three_days(desk, receiver, caplog):
    receiver.faults["POST /hook"] = [500, 500]
    one = desk()
    one.waiting()
    one.poll()
    assert len(one.book.marks("out:")) == 1
    one.service.clock.at += timedelta(seconds=module.GIVEN_UP + 1)
    one.notifier._send(one.book)
    assert one.book.marks("out:") == {}
    assert "given up" in caplog.text


def test_a_withdrawn_certificate_is_told_once_and_again_when_it_is_withdrawn_again(desk, receiver, monkeypatch):
    one = desk()
    for holds in (True, False, False, True, False):
        gone = {} if holds else {"high": "too many errors"}
        monkeypatch.setattr(one.service.scorer, "withdrawn", gone, raising=False)
        one.poll()
    assert kinds(receiver) == ["certificate.withdrawn", "certificate.withdrawn"]
    assert receiver.told[0]["data"]["tier"] == "high"


def test_metrics_name_tiers():
    text = "# HELP doublecheck_certificate_holds x\n" + 'doublecheck_certificate_holds{tier="standard"} 1.0\n'
    assert list(withdrawn(text)) == [("standard", False)]


def test_a_service_that_cannot_be_read_stops_nothing(desk, receiver, caplog):
    one = desk()
    one.waiting()
    one.notifier._service.close()
    one.notifier = Notifier(one.settings.model_copy(update={"key": "dck_wrong"}), InProcess(one.service.app))
    one.poll()
    assert receiver.asked == []
    assert "cannot be read" in caplog.text


# --- mail ------------------------------------------------------------------------------------------------------------


class MailServer:
    """As much of ``smtplib.SMTP`` as is used."""

    sent, calls, fails = [], [], []

    def __init__(self, host, port, timeout):
        self.calls.append((host, port, timeout))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False

    def starttls(self, context):
        self.calls.append(("starttls", context.check_hostname))

    def login(self, user, password):
        self.calls.append(("login", user, password))

    def send_message(self, message):
        if self.fails:
            raise self.fails.pop()
        self.sent.append(message_from_bytes(bytes(message)))


@pytest.fixture
def mail_server(monkeypatch):
    for name in ("sent", "calls", "fails"):
        monkeypatch.setattr(MailServer, name, [])
    return MailServer


MAIL = {"gate_notify_smtp": "mail.example:587", "gate_notify_from": "desk@a.example", "gate_notify_to": "b@a.example"}
EVENT = Event("a-check:approvals.wanted", "approvals.wanted", {"check_id": "a-check", "due_at": None, "required": 2})


def mail_settings(tmp_path, **changes):
    return Settings(**{"url": "http://localhost", "key": "dck_x", "gate_state": tmp_path} | MAIL | changes)


def test_mail_goes_over_tls_and_says_what_waits(tmp_path, mail_server):
    account = {"gate_notify_smtp_user": "u", "gate_notify_smtp_password": "p"}
    settings = mail_settings(tmp_path, **account)
    send.by_mail(EVENT, "b@a.example", settings, mail_server)
    assert mail_server.calls == [("mail.example", 587, send.SMTP_SECONDS), ("starttls", True), ("login", "u", "p")]
    [message] = mail_server.sent
    assert (message["To"], message["Message-ID"]) == ("b@a.example", "<a-check.approvals.wanted@doublecheck>")
    assert message.get_payload() == "Two people are wanted.\n\ncheck id: a-check\nrequired: 2\n"


def test_mail_that_is_not_taken_is_sent_later(tmp_path, mail_server):
    mail_server.fails.append(SMTPServerDisconnected("b@a.example"))
    with pytest.raises(LaterError) as caught:
        send.by_mail(EVENT, "b@a.example", mail_settings(tmp_path), mail_server)
    assert "b@a.example" not in caught.value.why


# --- settings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"WEBHOOKS": "https://a.example"},
        {"WEBHOOKS": "http://a.example", "SECRET": SECRET},
        {"WEBHOOKS": "https://a.example", "SECRET": "short"},
        {"SMTP": "mail.example:587"},
        {"SMTP": "mail.example", "FROM": "a@a.example", "TO": "b@a.example"},
        {"SMTP": "mail.example:587", "FROM": "a@a.example", "TO": "nobody"},
    ],
)
def test_what_is_missing_or_wrong_stops_the_start(monkeypatch, tmp_path, given):
    base = {"DOUBLECHECK_URL": "http://localhost", "DOUBLECHECK_KEY": "dck_x", "DOUBLECHECK_GATE_STATE": str(tmp_path)}
    for name, value in base.items():
        monkeypatch.setenv(name, value)
    for name, value in given.items():
        monkeypatch.setenv(f"DOUBLECHECK_GATE_NOTIFY_{name}", value)
    with pytest.raises(SettingsError, match="NOTIFY"):
        load(Settings)
