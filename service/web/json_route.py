"""JSON bodies, read strictly: UTF-8, no duplicate names, no NaN, bounded depth. What is left has one meaning only."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from service.utils.strict_json import parse_json


class JsonRequest(Request):
    """A request whose JSON is read by ``parse_json``."""

    async def json(self) -> Any:
        """Return the body's value."""
        try:
            return parse_json(await self.body())
        except ValueError as error:
            raise HTTPException(400, f"The body is not JSON that can be read: {error}.") from error


class JsonRoute(APIRoute):
    """A route that takes ``application/json`` and nothing else; where its body is optional, also none."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, with the request's JSON read strictly."""
        handle = super().get_route_handler()

        async def strict(request: Request) -> Response:
            media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            strictly = JsonRequest(request.scope, request.receive)
            if self.body_field and media_type != "application/json" and not await self._may_lack(strictly):
                raise HTTPException(415, "Send application/json.")
            return await handle(strictly)

        return strict

    async def _may_lack(self, request: Request) -> bool:
        """Tell whether a request has no body, and the route asks for none."""
        needed = self.body_field is not None and self.body_field.field_info.is_required()
        return not needed and not await request.body()
