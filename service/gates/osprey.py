"""Doublecheck in Osprey's rules: a plugin in its process, the entry point ``doublecheck`` of ``osprey_plugin``.

Two functions for rules. ``DoublecheckVerdict`` asks at once and gives the verdict, or None where Doublecheck cannot be
asked: None skips the rule and everything behind it, so that nothing is done. ``DoublecheckLater`` asks nothing; what it
gives is taken by the sink, kept on disk, and sent until the service has it. No person acts in a rule, so that both make
a triage: people decide.

Osprey itself is imported only where it calls, and this file can be read without it.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any, Optional, TypeAlias
from uuid import UUID, uuid5

from doublecheck_client import ClientError, Doublecheck

from service.gates.osprey_spool import Spool
from service.gates.settings import GateSettings, load
from service.utils.traces import place

try:
    from osprey.worker.adaptor.plugin_manager import hookimpl_osprey
except ImportError:  # Osprey marks what it calls; nobody else does

    def hookimpl_osprey(function: Any) -> Any:
        """Return the function as it is."""
        return function


log = logging.getLogger(__name__)

# Seconds that a rule waits for an answer, and for which nothing is asked after one that did not come.
WAITS, RESTS = 1.0, 5.0
# Seconds for which the same account is the same question, so that many rules ask once.
SAME = 3600
# What stands before an account that the sink is to send.
MARK = "doublecheck:1:"
_NAMES = UUID("9a0b5c61-5f0e-4a52-8a9a-0f3b0c7a6a11")
_FIELDS = ("platform", "handle", "account_id", "display_name", "bio", "created_at", "followers", "verified")
# Types that Osprey reads from the class of a function's arguments.
_Text: TypeAlias = Optional[str]  # noqa: UP045 -- Osprey knows this form of it
_Number: TypeAlias = Optional[int]  # noqa: UP045
_Truth: TypeAlias = Optional[bool]  # noqa: UP045


class Asking:
    """Asks the service for a rule: within a second, or not at all.

    Parameters
    ----------
    clock : callable
        Gives seconds.
    """

    def __init__(self, service: Doublecheck, *, clock: Any = time.time) -> None:
        self._service, self._clock = service, clock
        self._rests_until = 0.0

    def verdict(self, account: Mapping[str, Any], report: str | None) -> str | None:
        """Return ``needs_review`` or ``refused``; ``None`` if the service cannot be asked."""
        if self._clock() < self._rests_until:
            return None
        asked = json.dumps([account, report, int(self._clock()) // SAME], sort_keys=True)
        try:
            answer = self._service.check(
                account,
                "suspend",
                None,
                reports=[report] if report else None,
                idempotency_key=str(uuid5(_NAMES, asked)),
            )
        except ClientError as error:
            log.warning("Doublecheck was not asked: %s", type(error).__name__)
            self._rests_until = self._clock() + RESTS
            return None
        except Exception as error:
            log.error("asking Doublecheck failed with %s at %s", type(error).__name__, place(error))
            return None
        return answer.verdict


class Sending:
    """What the sink does: it keeps what ``DoublecheckLater`` gave, and a thread sends it."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool

    def will_do_work(self, result: Any) -> bool:
        """Tell whether an execution has anything to send."""
        return any(_is_marked(value) for value in result.extracted_features.values())

    def push(self, result: Any) -> None:
        """Keep it on disk. Osprey drops errors and tries nothing twice, so that none may leave this."""
        try:
            found = result.extracted_features
            marked = [found[name].removeprefix(MARK) for name in sorted(found) if _is_marked(found[name])]
            for number, text in enumerate(dict.fromkeys(marked)):
                name = str(result.action.action_id)
                self._spool.keep(name if number == 0 else f"{name}-{number}", json.loads(text))
        except Exception as error:
            log.error("an account was not kept: %s at %s", type(error).__name__, place(error))

    def stop(self) -> None:
        """Stop sending; what is kept is sent after the next start."""
        self._spool.stop()


# --- what Osprey calls -----------------------------------------------------------------------------------------------


@hookimpl_osprey  # type: ignore[untyped-decorator]
def register_udfs() -> Sequence[type]:
    """Give Osprey the two functions for rules.

    Raises
    ------
    SettingsError
        If a setting is missing or invalid: Osprey does not start then.
    """
    from osprey.engine.udf.arguments import ArgumentsBase  # noqa: PLC0415
    from osprey.engine.udf.base import UDFBase  # noqa: PLC0415

    settings = load(GateSettings)
    asking = Asking(Doublecheck(settings.url, settings.key, timeout=WAITS, retries=0, deadline=WAITS))

    class DoublecheckAccount(ArgumentsBase):  # type: ignore[misc]
        platform: str
        handle: str
        account_id: _Text = None
        display_name: _Text = None
        bio: _Text = None
        created_at: _Text = None
        followers: _Number = None
        verified: _Truth = None
        report: _Text = None

    class DoublecheckVerdict(UDFBase[DoublecheckAccount, _Text]):  # type: ignore[misc]
        """Ask Doublecheck now: 'needs_review', 'refused', or None if it cannot be asked."""

        execute_async = True

        def execute(self, _: Any, arguments: DoublecheckAccount) -> str | None:
            return asking.verdict(account_of(arguments), arguments.report)

    class DoublecheckLater(UDFBase[DoublecheckAccount, _Text]):  # type: ignore[misc]
        """Let Doublecheck's sink send the account for review."""

        def execute(self, _: Any, arguments: DoublecheckAccount) -> str | None:
            return MARK + json.dumps({"account": account_of(arguments), "report": arguments.report})

    return [DoublecheckVerdict, DoublecheckLater]


@hookimpl_osprey  # type: ignore[untyped-decorator]
def register_output_sinks(config: Any) -> Sequence[Any]:  # noqa: ARG001 -- as Osprey calls it
    """Give Osprey the sink.

    Raises
    ------
    SettingsError, GateError
        If a setting is missing or invalid, or the directory cannot be used: Osprey does not start then.
    """
    from osprey.worker.sinks.sink.output_sink import BaseOutputSink  # noqa: PLC0415

    settings = load(GateSettings)
    spool = Spool(settings.gate_state, Doublecheck(settings.url, settings.key))

    class DoublecheckSink(Sending, BaseOutputSink):  # type: ignore[misc]
        pass

    spool.start()
    return [DoublecheckSink(spool)]


def account_of(arguments: Any) -> dict[str, Any]:
    """Return the account that a rule names, without what it leaves open."""
    found = {name: getattr(arguments, name, None) for name in _FIELDS}
    return {name: value for name, value in found.items() if value not in {None, ""}}


def _is_marked(value: object) -> bool:
    return isinstance(value, str) and value.startswith(MARK)
