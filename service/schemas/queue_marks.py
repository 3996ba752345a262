"""What a reviewer sends to put a check off in the queue."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from service.schemas.values import Wire


class CommentIn(Wire):
    """Why a check is skipped or escalated."""

    comment: Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00]*$")]
