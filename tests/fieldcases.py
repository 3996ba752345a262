"""Inputs as people really have them: ``python -m tests.fieldcases [DIRECTORY]`` prints what is right and what came.

DIRECTORY (default ``../shared/data/fieldcases``) is not part of the project; its EXPECTED.md says in words what is
right, ``CASES`` says the same in code. The model is the one that serves in DOUBLECHECK_HOME.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from classifier.errors import DoublecheckError
from classifier.scoring.policy import Policy, decide
from classifier.storage.paths import DEFAULT_HOME
from classifier.workbench import Workbench
from service.decisions.check import read_account
from service.web.console.paste import read_pasted
from tests.real_data import DATA

FIELDCASES = DATA / "fieldcases"
_OWN = ("is_protected", "same_owner")
_Row = Mapping[str, Any]


@dataclass
class Got:
    """What came: one row of answers for each input row, the notes, or the error that refused the whole file."""

    rows: list[_Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    error: str = ""

    def __str__(self) -> str:
        rows = dict.fromkeys(_words(row) for row in self.rows)
        return "; ".join(
            filter(None, [self.error and f"ERROR {self.error}", *rows, *map("note {}".format, self.notes)])
        )


def _words(row: _Row) -> str:
    if row["error"]:
        return f"row error: {row['error']}"
    reasons = ",".join(one["code"] for one in row["reasons"])
    return f"{row['handle']}: {row['relation']} of {row['target_handle']}, {row['verdict']} ({reasons})"


Check = Callable[[Got], bool]


def each(check: Callable[[_Row], bool], *, rows: int = 1, or_error: bool = False) -> Check:
    """Every row is answered as ``check`` says; with ``or_error``, or says why it is not."""

    def checked(got: Got) -> bool:
        if got.error:
            return or_error
        return len(got.rows) == rows and all(or_error if row["error"] else check(row) for row in got.rows)

    return checked


def relation(*names: str, target: str | None = None) -> Callable[[_Row], bool]:
    return lambda row: row["relation"] in names and (target is None or row["target_handle"] == target)


def verdict(*names: str) -> Callable[[_Row], bool]:
    return lambda row: row["verdict"] in names


def both(*checks: Callable[[_Row], bool]) -> Callable[[_Row], bool]:
    return lambda row: all(check(row) for check in checks)


def reason(code: str) -> Callable[[_Row], bool]:
    return lambda row: any(one["code"] == code for one in row["reasons"])


def noted(word: str) -> Check:
    return lambda got: any(word in note for note in got.notes)


def either(*checks: Check) -> Check:
    return lambda got: any(check(got) for check in checks)


def all_of(*checks: Check) -> Check:
    return lambda got: all(check(got) for check in checks)


def refusal(*words: str) -> Check:
    """The file, or every row of it, is refused, and the message has one of ``words``."""

    def checked(got: Got) -> bool:
        messages = [got.error] if got.error else [str(row["error"] or "") for row in got.rows]
        return bool(messages) and all(any(word in text for word in words) for text in messages)

    return checked


never_cleared = verdict("needs_review", "refused")
protected = each(relation("is_protected"))


@dataclass(frozen=True)
class Case:
    """One input, the words for what is right, and how to tell."""

    name: str
    right: str
    check: Check
    run: Callable[[Bench, str], Got] = lambda bench, name: bench.score(name)


class Bench:
    """Runs the cases through the doors that people use: files, the registry's import, the console's paste."""

    def __init__(self, home: Path, cases: Path, scratch: Path) -> None:
        self._bench, self._cases, self._scratch = Workbench(home), cases, scratch

    def score(self, name: str, registry: str = "registry.csv", platform: str | None = None) -> Got:
        output = self._scratch / "out.jsonl"
        summary = self._scratch / "out.jsonl.summary.json"
        try:
            found = self._bench.score(
                self._cases / name, output, registry=self._cases / registry, platform=platform, workers=1, restart=True
            )
        except DoublecheckError as error:
            return Got(error=str(error))
        rows = list(_jsonl(output))
        output.unlink()
        summary.unlink(missing_ok=True)
        return Got(rows, list(found.notes))

    def imported(self, registry: str, probe: str, platform: str | None = None) -> Got:
        """Import a registry into a home of its own; where it is taken, score the probe with it."""
        options = {} if platform is None else {"platform": platform}
        with tempfile.TemporaryDirectory(dir=self._scratch) as home:
            told: list[str] = []
            try:
                known = Workbench(home).import_registry(self._cases / registry, tell=told.append, **options)
            except (DoublecheckError, TypeError) as error:
                return Got(error=" ".join([str(error), *told]))
            if not probe:
                return Got([], [f"{one.platform} {one.account_id} @{one.handle}" for one in known])
            saved = self._scratch / "imported.jsonl"
            known.save(saved)
        return self.score(probe, registry=str(saved))

    def pasted(self, text: str) -> Got:
        try:
            asked = read_pasted(text)
            reading = read_account(asked["account"], asked.get("format", "doublecheck"), now=datetime.now(UTC))
        except DoublecheckError as error:
            return Got(error=str(error))
        found = self._scorer().assess(reading.account)
        answer = decide(found, "suspend", None, now=datetime.now(UTC), policy=Policy())
        row = {
            "error": None,
            "handle": reading.account.handle,
            "relation": found.relation,
            "target_handle": found.target and found.target.handle,
            "verdict": answer.verdict,
            "reasons": [{"code": one.code} for one in answer.reasons],
        }
        return Got([row], list(reading.notes))

    def _scorer(self) -> Any:
        if not hasattr(self, "_known"):
            self._known = self._bench.scorer(self._cases / "registry.csv")
        return self._known


def _jsonl(path: Path) -> Iterator[_Row]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row | {"reasons": json.loads(row["reasons"]) if isinstance(row["reasons"], str) else row["reasons"]}


def _register(name: str, probe: str) -> Case:
    return Case(
        name,
        "refused, or read so that the probe is is_protected",
        either(refusal("row"), protected),
        lambda bench, registry: bench.imported(registry, probe),
    )


def _on(platform: str) -> Callable[[Bench, str], Got]:
    return lambda bench, name: bench.score(name, platform=platform)


def _paste(text: str, right: str, check: Check) -> Case:
    return Case(text, right, check, lambda bench, pasted: bench.pasted(pasted))


_NO_ADDRESS = "no address of an account on X, Bluesky or Mastodon"
_FAKE = "marekdo1novic@freebies.example"

CASES: tuple[Case, ...] = (
    Case("01-namesake-without-accents.csv", "not cleared", each(never_cleared)),
    Case(
        "03-x-parody-flag.jsonl", "parody_or_fan, never cleared", each(both(relation("parody_or_fan"), never_cleared))
    ),
    Case(
        "04-x-paid-blue.jsonl",
        "impersonation of QuorstadPharma, needs_review",
        each(both(relation("impersonation", target="QuorstadPharma"), verdict("needs_review"))),
    ),
    Case("06-bluesky-parody-label.jsonl", "not cleared", each(never_cleared)),
    Case(
        "07-mastodon-moved-to-protected.jsonl",
        "same_owner or needs_review, never cleared",
        each(lambda row: row["verdict"] == "needs_review" or (row["relation"] in _OWN and never_cleared(row))),
    ),
    Case(
        "09-mastodon-parody-in-field.jsonl",
        "parody_or_fan, never cleared",
        each(both(relation("parody_or_fan"), never_cleared)),
    ),
    Case("11-suspended-stub.jsonl", "needs_review", each(verdict("needs_review"))),
    Case(
        "13-excel-rounded-id.csv",
        "needs_review with identity_unproven, and a note on account_id",
        all_of(each(both(verdict("needs_review"), reason("identity_unproven"))), noted("account_id")),
    ),
    _register("14-registry-id-apostrophe.csv", "14-probe.jsonl"),
    _register("14-registry-id-prefix.csv", "14-probe.jsonl"),
    _register("14-registry-id-zerowidth.csv", "14-probe.jsonl"),
    _register("15-registry-handle-url.csv", "15-probe.jsonl"),
    _register("16-registry-platform-host.csv", "15-probe.jsonl"),
    _register("16-registry-platform-paren.csv", "15-probe.jsonl"),
    _register("16-registry-platform-slash.csv", "15-probe.jsonl"),
    Case(
        "18-local-account-other-server.jsonl",
        "not is_protected; needs_review",
        each(lambda row: row["relation"] != "is_protected" and row["verdict"] == "needs_review"),
    ),
    Case(
        "19-admin-report-notification.jsonl",
        f"answers about {_FAKE}, or an error; never about goodneighbour",
        each(lambda row: row["handle"] == _FAKE, or_error=True),
    ),
    Case(
        "20-twscrape-user.jsonl",
        "impersonation of OrlaVintreskov, or an error",
        each(relation("impersonation", target="OrlaVintreskov"), or_error=True),
    ),
    Case(
        "21-twarc-csv-users.csv",
        "platform x and 84 followers are read, or a note says they are not",
        either(
            each(lambda row: row["platform"] == "x" and not reason("audience_unknown")(row)),
            noted("public_metrics.followers_count"),
            noted("not read"),
        ),
    ),
    Case(
        "23-discord-user.jsonl",
        "resembles kestrelmod (--platform discord), or a note that global_name is not read",
        either(each(lambda row: row["target_handle"] == "kestrelmod"), noted("global_name")),
        _on("discord"),
    ),
    Case(
        "24-telegram-user.jsonl",
        "resembles PaulHillTrade (--platform telegram), or a note",
        either(each(lambda row: row["target_handle"] == "PaulHillTrade"), noted("first_name")),
        _on("telegram"),
    ),
    Case(
        "25-ozone-repo-view.jsonl",
        "impersonation of tamsinokvist.example, or a row error",
        each(relation("impersonation", target="tamsinokvist.example"), or_error=True),
    ),
    Case(
        "26-handle-shapes.csv",
        "every row is_protected, or an error",
        each(relation("is_protected"), rows=10, or_error=True),
    ),
    Case(
        "27-platform-names.csv",
        "every row is_protected, or a note on platform",
        either(each(relation("is_protected"), rows=7), noted("platform")),
    ),
    *(
        _paste(text, "29: is_protected, or 'give the handle'", either(protected, refusal("give the handle")))
        for text in (
            "https://bsky.app/profile/did:plc:q2tamsinokvist3xample7ab",
            "did:plc:q2tamsinokvist3xample7ab",
            "https://x.com/i/user/1187340562219843587",
        )
    ),
    Case(
        "30-bluesky-punycode.jsonl",
        "impersonation of tamsinokvist.example",
        each(relation("impersonation", target="tamsinokvist.example")),
    ),
    Case(
        "32-two-platforms.jsonl",
        "target marekdolnovic@newsroom.example",
        each(lambda row: row["target_handle"] == "marekdolnovic@newsroom.example"),
        lambda bench, name: bench.score(name, registry="registry-two-platforms.csv"),
    ),
    Case(
        "34-turned-letters.csv",
        "both rows target OrlaVintreskov",
        each(lambda row: row["target_handle"] == "OrlaVintreskov", rows=2),
    ),
    Case(
        "35-mixed-formats.jsonl",
        "three answers, or errors that say the rows are of another format",
        lambda got: len(got.rows) == 3 and all(not row["error"] or "format" in row["error"] for row in got.rows),
    ),
    Case(
        "36-admin-report.jsonl",
        f"answers about {_FAKE}, or an error that says where the users are",
        either(each(lambda row: row["handle"] == _FAKE), refusal("target_account")),
    ),
    Case(
        "36-webhook.jsonl",
        f"answers about {_FAKE}, or an error that says where the users are",
        either(each(lambda row: row["handle"] == _FAKE), refusal("object.account", "under object")),
    ),
    Case(
        "37-semicolon.csv",
        "answers, or an error that names the separator",
        either(each(lambda row: row["target_handle"] == "OrlaVintreskov"), refusal("separator", "';'")),
    ),
    Case(
        "37-sep-line.csv",
        "answers, or an error that names the separator",
        either(each(lambda row: row["target_handle"] == "OrlaVintreskov"), refusal("separator", "sep=")),
    ),
    Case("38-bridged.jsonl", "same_owner", each(relation("same_owner"))),
    *(
        _paste(text, f"40: {_NO_ADDRESS}", refusal(_NO_ADDRESS))
        for text in (
            "https://www.tiktok.com/@foo",
            "https://www.youtube.com/@foo",
            'window.YTD.account.part0 = [{"account": {"username": "foo", "accountId": "12"}}]',
        )
    ),
    Case(
        "42-congress-legislators.csv",
        "importable with the platform named",
        lambda got: got.notes == ["x 1294030472427835393 @HalvardBrimsey"],
        lambda bench, name: bench.imported(name, "", platform="x"),
    ),
    Case(
        "42-congress-legislators.csv",
        "without a platform: the error says how",
        refusal("--platform"),
        lambda bench, name: bench.imported(name, ""),
    ),
)


def results(home: Path, cases: Path = FIELDCASES, chosen: Sequence[Case] = CASES) -> Iterator[tuple[Case, bool, Got]]:
    """Run cases; yield whether each is right, and what came."""
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(home, cases, Path(scratch))
        for case in chosen:
            got = case.run(bench, case.name)
            yield case, case.check(got), got


def main() -> None:
    cases = Path(sys.argv[1]) if len(sys.argv) > 1 else FIELDCASES
    if not cases.is_dir():
        raise SystemExit(f"{cases} is not there: nothing to show")
    home = Path(os.environ.get("DOUBLECHECK_HOME", DEFAULT_HOME)).expanduser()
    right = total = 0
    for case, is_right, got in results(home, cases):
        total, right = total + 1, right + is_right
        print(f"{'ok   ' if is_right else 'WRONG'} {case.name[:60]:42} expected: {case.right}")
        print(f"{'':49}got: {str(got)[:400]}")
    print(f"{right} of {total} right")
    raise SystemExit(right < total)


if __name__ == "__main__":
    main()
