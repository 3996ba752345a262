"""Where admins change the registry: at once where one may, otherwise when a second one has approved it.

A change is durable in the registry before the log says that it is in force. Where that was interrupted, the same
approval, sent again, finishes it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from sqlalchemy import Row

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.canonical.accounts import named_account
from classifier.accounts.identity import own_keys
from classifier.errors import InputError, RegistryError, RegistryMovedError, SignatureError
from classifier.scoring.scorer import Scorer
from service.auth.api_keys import Caller
from service.decisions import registry_changes, registry_edits, registry_steps
from service.decisions.current_scorer import CurrentScorer
from service.decisions.instances import NOTES, Instances
from service.decisions.ledger import Ledger
from service.decisions.recorded import Read
from service.decisions.registry_changes import Waiting
from service.decisions.registry_edits import Edit
from service.decisions.registry_import import AnyPreview, ImportPreview
from service.decisions.registry_preview import Preview, preview_put, preview_withdrawal
from service.decisions.second_admin import why_not_second
from service.errors import ReadOnlyRegistryError, RegistryConflictError, UnknownAccountError
from service.records.transaction import Answer, Idempotency, Transaction
from service.schemas.registry import RegistryChange
from service.schemas.reviews import ApprovalIn

P = TypeVar("P", bound=AnyPreview)
_UNKNOWN = "no protected account has this platform and handle"
# How often a change is tried again that others came before.
TRIES = 5


class RegistryDesk:
    """Changes the registry.

    Parameters
    ----------
    instances : Instances
        The homes that work on the same database.
    """

    def __init__(self, current: CurrentScorer, ledger: Ledger, instances: Instances) -> None:
        self._current = current
        self._ledger = ledger
        self._instances = instances

    def find(self, platform: str, handle: str) -> ProtectedAccount:
        """Return a protected account; it is found as a reported account would be recognised.

        Raises
        ------
        UnknownAccountError
        """
        try:
            name, named = named_account(platform, handle)
        except InputError as error:
            raise UnknownAccountError(f"{_UNKNOWN}: {error.message}") from error
        found = self._current().registry.identify(Account(platform=name, handle=named))
        if found is None or found.kind != "protected":
            raise UnknownAccountError(_UNKNOWN)
        return found.protected

    def registered(self, account: ProtectedAccount) -> ProtectedAccount | None:
        """Return what is registered under an account's id or whole handle; of two accounts the one with the id."""
        registry = self._current().registry
        places = (place for key in own_keys(account) for place in registry.places(key))
        return next((registry.segments[number].accounts[row] for number, row in places), None)

    async def put(
        self, account: ProtectedAccount, caller: Caller, idempotency: Idempotency | None = None
    ) -> Scorer | Answer:
        """Put an account into the registry and return the scorer over it, or ask a second admin and return the answer.

        Parameters
        ----------
        idempotency : Idempotency, optional
            Under which a second admin is asked only once.

        Raises
        ------
        SecondAdminError, RegistryConflictError, ReadOnlyRegistryError
        """
        self._current.require_writable()
        for _ in range(TRIES):
            preview = await self._preview(lambda scorer: preview_put(scorer, account))
            if preview.reasons:
                return await self._ask(preview, caller, idempotency)
            with suppress(RegistryMovedError):
                return await self._put_into_force(preview, caller)
        raise RegistryConflictError("others change the registry at the same moment: ask again")

    async def withdraw(
        self, account: ProtectedAccount, caller: Caller, idempotency: Idempotency | None = None
    ) -> Answer:
        """Ask a second admin to withdraw an account.

        Raises
        ------
        SecondAdminError, ReadOnlyRegistryError
        """
        self._current.require_writable()
        preview = await self._preview(lambda scorer: preview_withdrawal(scorer, account))
        return await self._ask(preview, caller, idempotency)

    async def preview_import(self, previewed: Callable[[Scorer], ImportPreview]) -> ImportPreview:
        """Return what an import would do to the registry of this very moment.

        Raises
        ------
        ReadOnlyRegistryError, RegistryConflictError
        """
        self._current.require_writable()
        return await self._preview(previewed)

    async def ask_import(
        self, preview: ImportPreview, caller: Caller, idempotency: Idempotency | None = None
    ) -> Answer:
        """Ask a second admin to approve an import that was looked at.

        Raises
        ------
        RegistryConflictError
            If it would do nothing, or something else by now.
        SecondAdminError, ReadOnlyRegistryError
        """
        if preview.is_done:
            raise RegistryConflictError("nothing would change")
        now = await self.preview_import(preview.again)
        if not preview.still_holds(now):
            raise RegistryConflictError("the registry is not as it was when you looked: send the file again")
        return await self._ask(preview, caller, idempotency)

    async def _ask(self, preview: AnyPreview, caller: Caller, idempotency: Idempotency | None) -> Answer:
        return await self._ledger.once(
            lambda transaction: registry_changes.ask(transaction, preview, caller, self._ledger.rules),
            caller,
            idempotency,
        )

    async def _preview(self, previewed: Callable[[Scorer], P]) -> P:
        """Return what a change does to the registry of this very moment."""

        def look() -> P:
            self._current.look()
            return previewed(self._current())

        return await asyncio.to_thread(look)

    async def _put_into_force(
        self, preview: AnyPreview, caller: Caller, change: str | None = None, **more: object
    ) -> Scorer:
        def apply() -> Scorer:
            return self._current.change(
                preview.put, preview.withdraw, at=self._ledger.clock(), expected=preview.registry_version
            )

        rows = await self._ledger.read(lambda read: read(NOTES))
        self._instances.require_same(rows, preview.registry_version, self._current().model_id)
        scorer = await asyncio.to_thread(apply)
        named = more if change is None else {"change": change, **more}
        counts = {"put": len(preview.put), "withdrawn": len(preview.withdraw)}

        def write(transaction: Transaction) -> Answer:
            registry_edits.record(transaction, preview.pairs, caller, change)
            answer = logged(transaction, "registry_changed", scorer, actor=caller.actor, **counts, **named)
            self._instances.publish(transaction, preview, scorer)
            return answer

        await self._ledger.commit(write, caller)
        return scorer

    async def follow(self, rows: Sequence[Row[Any]]) -> str:
        """Take over what another home changed, as far as it follows from what is here; return why not where it failed.

        Parameters
        ----------
        rows : sequence of Row
            The notes of all homes.
        """
        if not self._instances.apart(rows, *self._instances.in_force(self._current())[:2]):
            return ""
        try:
            if step := await self._ledger.read(self._next_step):
                await asyncio.to_thread(registry_steps.take, self._current, step, self._instances.trusted())
        except (RegistryError, SignatureError, ReadOnlyRegistryError) as error:
            return f"a change of another home cannot be taken over: {error.message}"
        return ""

    def _next_step(self, read: Read) -> Row[Any] | None:
        return registry_steps.next_step(read, self._instances.own, self._current().registry.version)

    async def history(self, platform: str, handle: str, account: ProtectedAccount | None) -> list[Edit]:
        """Return what was changed of an account, or asked to be, the newest first.

        Parameters
        ----------
        account : ProtectedAccount or None
            As it is registered now, if it is.
        """

        def read(read_: Read) -> list[Edit]:
            now, rules = self._ledger.clock(), self._ledger.rules
            return registry_edits.history(read_, platform, handle, account, now=now, rules=rules)

        return await self._ledger.read(read)

    # --- what waits --------------------------------------------------------------------------------------------------

    async def listed(self) -> list[RegistryChange]:
        """Return the latest changes that took two people, the newest first."""

        def read(read_: Read) -> list[RegistryChange]:
            found = registry_changes.listed(read_, now=self._ledger.clock(), rules=self._ledger.rules)
            return [registry_changes.change_out(one, self._ledger.rules, whole=False) for one in found]

        return await self._ledger.read(read)

    async def show(self, change_id: str, caller: Caller) -> RegistryChange:
        """Return a change. That an admin has been shown it is recorded first."""
        if "admin" in caller.roles:
            await self._ledger.commit(lambda transaction: registry_changes.show(transaction, change_id, caller), caller)
        return registry_changes.change_out(await self._find(change_id), self._ledger.rules)

    async def why_not(self, change_id: str, caller: Caller) -> tuple[str, str]:
        """Return why this person cannot approve a change, and why not decline it; empty where that is possible."""

        def read(read_: Read) -> tuple[str, str]:
            now, rules = self._ledger.clock(), self._ledger.rules
            waiting = registry_changes.find(read_, change_id, now=now, rules=rules)
            closed = registry_changes.why_not_answered(waiting)
            second = why_not_second(read_, waiting.row, caller, caller.access_ends_at, now=now, rules=rules)
            return closed or second, closed

        return await self._ledger.read(read)

    async def answer(
        self, change_id: str, given: ApprovalIn, caller: Caller, idempotency: Idempotency | None
    ) -> RegistryChange:
        """Record an admin's answer, and put into force what was approved."""
        await self._ledger.commit(
            lambda transaction: registry_changes.answer(transaction, change_id, given, caller, self._ledger.rules),
            caller,
            idempotency,
        )
        waiting = await self._find(change_id)
        if waiting.state == "approved":
            await self._apply(waiting, caller)
        return registry_changes.change_out(await self._find(change_id), self._ledger.rules)

    async def _apply(self, waiting: Waiting, caller: Caller) -> None:
        asked, change_id = waiting.preview, waiting.row.id
        now: AnyPreview = await self._preview(lambda scorer: _again(scorer, asked))
        if now.reasons and _still_holds(asked, now):
            try:
                scorer = await self._put_into_force(now, caller, change=change_id, asked_by=waiting.row.actor)
            except RegistryMovedError as error:
                raise RegistryConflictError(error.message) from error
            version = scorer.registry.version
        elif now.is_done:  # it was put into force, and interrupted before it was logged
            version = now.registry_version
        else:
            raise RegistryConflictError(
                "the registry is not as it was when this change was asked for, so that it would do something else: "
                "ask for a new one"
            )

        def mark(transaction: Transaction) -> Answer:
            registry_changes.mark_applied(transaction, change_id, version, caller)
            return Answer("")

        await self._ledger.commit(mark, caller)

    async def _find(self, change_id: str) -> Waiting:
        return await self._ledger.read(
            lambda read: registry_changes.find(read, change_id, now=self._ledger.clock(), rules=self._ledger.rules)
        )


def _still_holds(asked: AnyPreview, now: AnyPreview) -> bool:
    """Tell whether a change does now what was looked at."""
    if isinstance(asked, ImportPreview):
        return isinstance(now, ImportPreview) and asked.still_holds(now)
    return isinstance(now, Preview) and asked.still_holds(now)


def _again(scorer: Scorer, asked: AnyPreview) -> AnyPreview:
    """Return what a change that was asked for does to the registry as it is now."""
    if isinstance(asked, ImportPreview):
        return asked.again(scorer)
    if asked.after is not None:
        return preview_put(scorer, asked.after)
    registered = _registered(scorer, asked.account)
    return preview_withdrawal(scorer, registered) if registered else Preview(None, None, (), scorer.registry.version)


def _registered(scorer: Scorer, account: ProtectedAccount) -> ProtectedAccount | None:
    *_, handle = own_keys(account)
    registry = scorer.registry
    return next((registry.segments[number].accounts[row] for number, row in registry.places(handle)), None)


def logged(transaction: Transaction, kind: str, scorer: Scorer, **more: object) -> Answer:
    """Log which registry and model are in force."""
    transaction.log(kind, "registry", registry=scorer.registry.version, model=scorer.model_id, **more)
    return Answer("")
