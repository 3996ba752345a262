"""A PDS with an Ozone service behind it, over HTTP on the loopback interface. Written from the contract alone.

What it enforces, by the contract's sentences:

1. "A session at the PDS": every call needs the access token of ``createSession`` or ``refreshSession``; tokens expire
   (400 ``ExpiredToken``), a refresh token is good once.
2. "with ``atproto-proxy: <ozone DID>#atproto_labeler``": without the header, or with another DID, a call is refused.
3. "Takedowns need role moderator": others are refused (401).
4. ``queryReports`` by ``status``, ``reportTypes``, ``subjectType``, ``cursor``; "older servers" have ``queryEvents``
   only, with ``types``, ``createdAfter``, ``cursor`` (``old``).
5. "Ozone tags a reported subject ``report:<reason>`` in the report's own transaction and then refuses takedown,
   reversal and label by anybody not listed (400), admins and scheduled takedowns included."
6. "tagging errors are swallowed" (``tags_reports = False``); "an admin can remove tags or the setting"; "a report on
   the profile *record* does not tag the *account*".
7. ``emitEvent`` in the contract's form: ``createdBy`` must be who calls, a takedown has policies, comment, tool and
   external id; 400 ``DuplicateExternalId`` for the same event, subject and id; 400 ``SubjectHasAction`` for an account
   that is down (``down_first``: also before the external id is looked at).
8. Rate limits: ``RateLimit-Limit``, ``-Remaining``, ``-Reset``, and 429 with ``Retry-After`` when they are used up.

``misbehave`` plans what the next calls of a method do instead; ``FAULTS`` lists it.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import defaultdict
from datetime import UTC, datetime
from itertools import count
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

OZONE_DID = "did:web:ozone.invalid"
GATE_DID, IDENTIFIER, PASSWORD = "did:plc:gateaaaaaaaaaaaaaaaaaaaa", "gate.example", "invented-password"
MODERATOR, ADMIN = "did:plc:moderatoraaaaaaaaaaaaaaa", "did:plc:adminaaaaaaaaaaaaaaaaaaa"
IMPERSONATION = "tools.ozone.report.defs#reasonMisleadingImpersonation"
LEGACY = "com.atproto.moderation.defs#reasonMisleading"
EVENT = "tools.ozone.moderation.defs#modEvent"
SETTING = "tools.ozone.setting.protectedTags"
TAGS = {IMPERSONATION: "report:misleading-impersonation", LEGACY: "report:misleading"}
# Whether the PDS itself answers nothing but sessions.
PROXIED_ONLY = True
# What a planned call does: answers with a status; hangs; is done and answered with 502; half an answer; a redirect.
FAULTS = ("429", "500", "503", "hang", "lost", "half", "redirect", "expired")


class RefusedError(Exception):
    def __init__(self, status: int, error: str, message: str = "") -> None:
        self.status, self.error, self.message = status, error, message


class FakeOzone:
    """The platform. ``with`` starts and stops its server; ``url`` is the PDS.

    Attributes
    ----------
    page : int
        Rows of a page of any list.
    calls : list of tuple
        Method and query or body of every call that came in, refused or not.
    """

    def __init__(self, *, page: int = 2, old: str | None = None, clock: Any = time.time) -> None:
        self.page, self.old, self.clock = page, old, clock
        self.accounts: dict[str, dict[str, Any]] = {}
        self.reports: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.tags: dict[str, list[str]] = defaultdict(list)
        self.down: set[str] = set()
        self.roles = {GATE_DID: "tools.ozone.team.defs#roleModerator", ADMIN: "tools.ozone.team.defs#roleAdmin"}
        self.roles[MODERATOR] = "tools.ozone.team.defs#roleModerator"
        self.settings: dict[str, dict[str, Any]] = {}
        self.activities: list[dict[str, Any]] = []
        self.verifications: list[dict[str, Any]] = []
        self.calls: list[tuple[str, Any]] = []
        self.plans: dict[str, list[str]] = defaultdict(list)
        self.tags_reports, self.down_first, self.shows_external_id, self.settable = True, False, True, True
        self.tokens: dict[str, str] = {}
        self.unlimited, self.left = True, 0
        self.skew = 0.0
        self._numbers, self._lock = count(1), threading.RLock()

    # --- its life ----------------------------------------------------------------------------------------------------

    def __enter__(self) -> FakeOzone:
        routes = [Route("/xrpc/{nsid}", self._answer, methods=["GET", "POST"])]
        config = uvicorn.Config(
            Starlette(routes=routes), host="127.0.0.1", port=0, log_config=None, access_log=False, lifespan="off",
            date_header=False, timeout_graceful_shutdown=1,
        )  # fmt: skip
        listening = config.bind_socket()
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listening]}, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)

    # --- what people and other programs do there ---------------------------------------------------------------------

    def add_account(self, did: str, **profile: Any) -> str:
        """Add an account, or change it."""
        self.accounts[did] = {"did": did} | self.accounts.get(did, {}) | profile
        return did

    def report(
        self, did: str, comment: str = "It is not them.", *, reason: str = IMPERSONATION, assigned: Any = None,
        record: bool = False, status: str = "open",
    ) -> dict[str, Any]:  # fmt: skip
        """Report an account, or the record of its profile."""
        with self._lock:
            uri = f"at://{did}/app.bsky.actor.profile/self"
            subject = {"$type": "com.atproto.repo.strongRef", "uri": uri, "cid": "bafyinvented"}
            made = {"$type": f"{EVENT}Report", "reportType": reason, "comment": comment}
            event = self.log(made, did, "did:plc:reporteraaaaaaaaaaaaaaaa", subject=subject if record else None)
            if self.tags_reports:
                key = uri if record else did
                self.tags[key] = [*dict.fromkeys([*self.tags[key], TAGS.get(reason, "report:other")])]
            row = {
                "id": 1000 + event["id"], "eventId": event["id"], "status": status, "reportType": reason,
                "subject": {"type": "record" if record else "account", "subject": uri if record else did},
                "reportedBy": "did:plc:reporteraaaaaaaaaaaaaaaa", "comment": comment, "createdAt": event["createdAt"],
            }  # fmt: skip
            if assigned:
                row["assignment"] = {"did": assigned, "assignedAt": event["createdAt"]}
            self.reports.append(row)
            return row

    def appeal(self, did: str) -> None:
        """Appeal, as the account's owner."""
        self.log({"$type": f"{EVENT}Report", "reportType": "tools.ozone.report.defs#reasonAppeal"}, did, did)

    def act(self, kind: str, did: str, by: str = MODERATOR, **members: Any) -> None:
        """Do what a person does in Ozone. Raises RefusedError."""
        with self._lock:
            event = {"$type": f"{EVENT}{kind}"} | members
            self._emit(by, {"event": event, "subject": {"did": did}, "createdBy": by})

    def log(self, event: dict[str, Any], did: str, by: str, *, subject: Any = None, **more: Any) -> dict[str, Any]:
        """Write an event, whoever may."""
        with self._lock:
            at = datetime.fromtimestamp(self.clock(), UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            subject = subject or {"$type": "com.atproto.admin.defs#repoRef", "did": did}
            self.events.append(
                {"id": next(self._numbers), "event": event, "subject": subject, "createdBy": by, "createdAt": at} | more
            )
            return self.events[-1]

    def misbehave(self, nsid: str, *faults: str) -> None:
        """Plan what the next calls of a method do; of any method if it is ``*``."""
        self.plans[nsid] += faults

    def takedowns(self, did: str | None = None) -> list[dict[str, Any]]:
        """Return the takedowns of an account, or of all."""
        found = [one for one in self.events if one["event"]["$type"] == f"{EVENT}Takedown"]
        return [one for one in found if did in {None, one["subject"].get("did")}]

    def of_kind(self, kind: str, did: str | None = None) -> list[dict[str, Any]]:
        """Return the events of a kind, such as ``Comment``."""
        found = [one for one in self.events if one["event"]["$type"] == f"{EVENT}{kind}"]
        return [one for one in found if did in {None, one["subject"].get("did")}]

    # --- HTTP --------------------------------------------------------------------------------------------------------

    async def _answer(self, request: Request) -> Response:
        nsid, body = request.path_params["nsid"], await request.body()
        given: Any = json.loads(body) if body else {}
        query = {name: request.query_params.getlist(name) for name in request.query_params}
        self.calls.append((nsid, given if request.method == "POST" else query))
        plan = self.plans[nsid] or self.plans["*"]
        fault = plan.pop(0) if plan else ""
        if fault == "hang":
            await asyncio.sleep(3)
            return Response(status_code=504)
        response = self._planned(fault) or self._handled(request, nsid, query, given)
        if fault == "lost":
            response = Response(status_code=502)
        if fault == "half":
            response = Response(response.body[: len(response.body) // 2], media_type="application/json")
        moment = datetime.fromtimestamp(self.clock() + self.skew, UTC)
        response.headers["date"] = moment.strftime("%a, %d %b %Y %H:%M:%S GMT")
        return response

    def _planned(self, fault: str) -> Response | None:
        if fault == "429":
            return JSONResponse({"error": "RateLimitExceeded"}, 429, {"RateLimit-Reset": str(int(self.clock()) + 1)})
        if fault in {"500", "503"}:
            return Response("<html>", int(fault))
        if fault == "redirect":
            return Response(status_code=307, headers={"location": f"{self.url}/xrpc/elsewhere"})
        if fault == "expired":
            return JSONResponse({"error": "ExpiredToken", "message": "Token has expired"}, 400)
        return None

    def _handled(self, request: Request, nsid: str, query: dict[str, list[str]], given: Any) -> Response:
        with self._lock:
            try:
                self._limited()
                return JSONResponse(self._call(request, nsid, query, given))
            except RefusedError as refused:
                found = {"error": refused.error, "message": refused.message}
                headers = {"Retry-After": "1"} if refused.status == 429 else {}
                return JSONResponse(found, refused.status, headers)

    def _limited(self) -> None:
        if not self.unlimited:
            self.left -= 1
            if self.left < 0:
                raise RefusedError(429, "RateLimitExceeded")

    def _call(self, request: Request, nsid: str, query: dict[str, list[str]], given: Any) -> dict[str, Any]:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if nsid == "com.atproto.server.createSession":
            if (given.get("identifier"), given.get("password")) != (IDENTIFIER, PASSWORD):
                raise RefusedError(401, "AuthenticationRequired", "Invalid identifier or password")
            return self._session()
        if nsid == "com.atproto.server.refreshSession":
            if self.tokens.pop(token, None) != "refresh":
                raise RefusedError(400, "ExpiredToken")
            return self._session()
        if self.tokens.get(token) != "access":
            raise RefusedError(
                *((400, "ExpiredToken") if self.tokens.get(token) == "expired" else (401, "AuthMissing"))
            )
        is_pds = nsid == "app.bsky.actor.getProfile" and not PROXIED_ONLY and "atproto-proxy" not in request.headers
        if request.headers.get("atproto-proxy") != f"{OZONE_DID}#atproto_labeler" and not is_pds:
            raise RefusedError(501, "MethodNotImplemented", "a call to Ozone has to be proxied")
        if nsid != "app.bsky.actor.getProfile" and GATE_DID not in self.roles:
            raise RefusedError(401, "AuthenticationRequired", "not a member of the team")
        return self._method(nsid, query, given)

    def _session(self) -> dict[str, Any]:
        pair = {f"{kind}Jwt": f"{kind}-{next(self._numbers)}" for kind in ("access", "refresh")}
        self.tokens |= {token: kind.removesuffix("Jwt") for kind, token in pair.items()}
        return pair | {"did": GATE_DID, "handle": IDENTIFIER}

    def expire(self, *, refresh: bool = False) -> None:
        """Let all access tokens expire, and refresh tokens too."""
        for token, kind in self.tokens.items():
            if kind == "access" or refresh:
                self.tokens[token] = "expired"

    # --- methods -----------------------------------------------------------------------------------------------------

    def _method(self, nsid: str, query: dict[str, list[str]], given: Any) -> dict[str, Any]:
        one = {name: values[0] for name, values in query.items()}
        if nsid.startswith("tools.ozone.report.") and self.old:
            raise RefusedError({"MethodNotImplemented": 501, "NotFound": 404}.get(self.old, 400), self.old)
        methods = {
            "app.bsky.actor.getProfile": lambda: self._profile(one["actor"]),
            "tools.ozone.report.queryReports": lambda: self._query_reports(query),
            "tools.ozone.report.listActivities": lambda: self._activities(one),
            "tools.ozone.report.createActivity": lambda: self._note(given),
            "tools.ozone.moderation.queryEvents": lambda: self._query_events(query),
            "tools.ozone.moderation.emitEvent": lambda: self._emit(GATE_DID, given),
            "tools.ozone.server.getConfig": lambda: {"viewer": {"role": self.roles[GATE_DID]}},
            "tools.ozone.setting.listOptions": lambda: {"options": list(self.settings.values())},
            "tools.ozone.setting.upsertOption": lambda: self._set(given),
            "tools.ozone.verification.listVerifications": lambda: self._paged(self.verifications, one, "verifications"),
        }
        if nsid not in methods:
            raise RefusedError(501, "MethodNotImplemented")
        return methods[nsid]()

    def _profile(self, did: str) -> dict[str, Any]:
        if did in self.down:
            raise RefusedError(400, "AccountTakedown", "Account has been suspended")
        if did not in self.accounts:
            raise RefusedError(400, "InvalidRequest", "Profile not found")
        return self.accounts[did]

    def _query_reports(self, query: dict[str, list[str]]) -> dict[str, Any]:
        if "status" not in query:
            raise RefusedError(400, "InvalidRequest", 'Params must have the property "status"')
        wanted = {name: set(query[name]) for name in ("status", "reportTypes", "subjectType") if name in query}
        found = [
            row for row in self.reports
            if row["status"] in wanted["status"]
            and row["reportType"] in wanted.get("reportTypes", {row["reportType"]})
            and row["subject"]["type"] in wanted.get("subjectType", {row["subject"]["type"]})
        ]  # fmt: skip
        return self._paged(found[::-1], {name: values[0] for name, values in query.items()}, "reports")

    def _query_events(self, query: dict[str, list[str]]) -> dict[str, Any]:
        found = [
            self._view(one) for one in self.events[::-1]
            if one["event"]["$type"] in query.get("types", [one["event"]["$type"]])
            and one["createdAt"] > query.get("createdAfter", [""])[0]
            and ("subject" not in query or one["subject"].get("did") == query["subject"][0])
            and ("reportTypes" not in query or one["event"].get("reportType") in query["reportTypes"])
        ]  # fmt: skip
        return self._paged(found, {name: values[0] for name, values in query.items()}, "events")

    def _view(self, one: dict[str, Any]) -> dict[str, Any]:
        return one if self.shows_external_id else {name: one[name] for name in one if name != "externalId"}

    def _paged(self, rows: list[Any], one: dict[str, str], name: str) -> dict[str, Any]:
        start = int(one.get("cursor", "0"))
        end = start + self.page
        return {name: rows[start:end]} | ({"cursor": str(end)} if end < len(rows) else {})

    def _activities(self, one: dict[str, str]) -> dict[str, Any]:
        return self._paged(
            [row for row in self.activities if row["reportId"] == int(one["reportId"])], one, "activities"
        )

    def _note(self, given: dict[str, Any]) -> dict[str, Any]:
        if given["reportId"] not in {row["id"] for row in self.reports} or "$type" not in given["activity"]:
            raise RefusedError(400, "ReportNotFound")
        self.activities.append(given | {"id": next(self._numbers)})
        return {"activity": self.activities[-1]}

    def _set(self, given: dict[str, Any]) -> dict[str, Any]:
        if not self.settable:
            raise RefusedError(401, "AuthenticationRequired", "Not permitted to update setting")
        if given["scope"] != "instance" or given.get("managerRole") != "tools.ozone.team.defs#roleAdmin":
            raise RefusedError(400, "InvalidRequest", "Only admins should be able to configure protected tags")
        self.settings[given["key"]] = given
        return {"option": given}

    def _emit(self, by: str, given: dict[str, Any]) -> dict[str, Any]:
        event, did, kind = given["event"], given["subject"]["did"], given["event"]["$type"].removeprefix(EVENT)
        if given["createdBy"] != by:
            raise RefusedError(400, "InvalidRequest", "createdBy is not who calls")
        if by == GATE_DID and given["subject"].get("$type") != "com.atproto.admin.defs#repoRef":
            raise RefusedError(400, "InvalidRequest", "subject has no type")
        self._may(by, kind, did, event)
        if kind == "Takedown" and self.down_first and did in self.down:
            raise RefusedError(400, "SubjectHasAction", "Subject is already taken down")
        external = given.get("externalId")
        same = [one for one in self.events if one.get("externalId") == external and one["subject"].get("did") == did]
        if external and any(one["event"]["$type"] == event["$type"] for one in same):
            raise RefusedError(400, "DuplicateExternalId")
        if kind == "Takedown":
            self._take_down(by, given, did)
        if kind == "ReverseTakedown":
            if did not in self.down:
                raise RefusedError(400, "InvalidRequest", "Subject is not taken down")
            self.down.discard(did)
        if kind == "Tag":
            self.tags[did] = [
                tag for tag in dict.fromkeys([*self.tags[did], *event["add"]]) if tag not in event["remove"]
            ]
        more = {name: given[name] for name in ("externalId", "modTool") if name in given}
        return self._view(self.log(event, did, by, **more))

    def _may(self, by: str, kind: str, did: str, event: dict[str, Any]) -> None:
        role = self.roles.get(by, "").rpartition("#")[2]
        if kind in {"Takedown", "ReverseTakedown", "Label"} and role not in {"roleModerator", "roleAdmin"}:
            raise RefusedError(401, "AuthenticationRequired", "Must be a full moderator to take this type of action")
        protected = self.settings.get(SETTING, {}).get("value", {})
        if kind in {"Takedown", "ReverseTakedown", "Label"}:
            for tag in self.tags[did]:
                if tag in protected and by not in protected[tag]["moderators"]:
                    raise RefusedError(400, "InvalidRequest", f"Not allowed to action on protected tag: {tag}")
        if kind == "Tag" and role != "roleAdmin":
            for tag in [*event["add"], *event["remove"]]:
                if tag in protected and by not in protected[tag]["moderators"]:
                    raise RefusedError(400, "InvalidRequest", f"Not allowed to manage tag: {tag}")

    def _take_down(self, by: str, given: dict[str, Any], did: str) -> None:
        event = given["event"]
        if by == GATE_DID:
            complete = (
                event.get("policies") and event.get("comment") and event.get("acknowledgeAccountSubjects") is True
            )
            tool = given.get("modTool", {})
            if not (complete and tool.get("name") == "doublecheck" and given.get("externalId")):
                raise RefusedError(400, "InvalidRequest", "not the takedown of the contract")
            if set(tool.get("meta", {})) != {"checkId", "clearanceId", "actor"}:
                raise RefusedError(400, "InvalidRequest", "the tool says not what it acts on")
        if did in self.down:
            raise RefusedError(400, "SubjectHasAction")
        self.down.add(did)
        if event.get("acknowledgeAccountSubjects"):
            for row in self.reports:
                row["status"] = "closed" if row["subject"]["subject"] == did else row["status"]
