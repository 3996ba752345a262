"""People who sign in on the pages, as a browser does it, and pages taken apart."""

import re
from html.parser import HTMLParser

import pytest

from service.web.console.session_guard import COOKIE

VOID = {"meta", "link", "input", "br", "col"}
SVG_LEAVES = {"rect", "path", "circle", "line"}
HTML = {"accept": "text/html"}


class Page(HTMLParser):
    """A page taken apart; elements that are not closed in order are an error."""

    def __init__(self, response):
        super().__init__()
        self.response = response
        self.status = response.status_code
        self.elements, self.texts, self._open = [], [], []
        self.feed(response.text)
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

    @property
    def forms(self):
        """The addresses that the page's forms are sent to, but for signing out and withdrawing a check."""
        found = {form["action"] for form in self.all("form")} - {"/sign-out"}
        return {action for action in found if not action.endswith("/withdraw")}

    @property
    def hidden(self):
        """The values of hidden fields; of several with one name the last."""
        return {field["name"]: field["value"] for field in self.all("input") if field.get("type") == "hidden"}


class Person:
    """Somebody with a browser: keeps the session's cookie, follows where an answer leads, sends forms as pages do."""

    def __init__(self, client, actor=None, *roles):
        self.client, self.cookie, self.path = client, None, "/"
        if actor:
            self.sign_in(client.key(actor, *roles))

    def sign_in(self, key, **fields):
        return self.send("POST", "/sign-in", data={"key": key, "next": "/docs"} | fields)

    def send(self, method, path, *, follow=True, **options):
        headers = HTML | ({"cookie": f"{COOKIE}={self.cookie}"} if self.cookie else {}) | options.pop("headers", {})
        response = self.client.request(method, path, by=None, headers=headers, **options)
        set_ = re.match(rf'{COOKIE}="?([^";]*)', response.headers.get("set-cookie", ""))
        if set_:
            self.cookie = set_[1]
        if follow and response.status_code == 303:
            return self.send("GET", response.headers["location"])
        self.path = path
        return Page(response)

    def get(self, path, **options):
        return self.send("GET", path, **options)

    def post(self, path, *, on=None, **fields):
        """Send a form of the page at ``on``, with the hidden fields that the page gives it."""
        hidden = self.get(on if on is not None else self.path).hidden
        return self.send("POST", path, data=hidden | fields)

    def check(self, **fields):
        """Check an account; return the page that shows the answer."""
        return self.post("/", on="/", **({"action": "suspend"} | fields))


@pytest.fixture
def person():
    """Return a maker of people who are signed in."""
    return Person
