"""Values that are made when they are first asked for, and kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

_T = TypeVar("_T")


class made_once(Generic[_T]):  # noqa: N801 - used like ``property``
    """``functools.cached_property`` without its lock, which costs more than most normal forms do.

    Two threads that ask at once both make the value; it is the same.
    """

    def __init__(self, make: Callable[[Any], _T]) -> None:
        self._make = make
        self._name = make.__name__
        self.__doc__ = make.__doc__

    @overload
    def __get__(self, one: None, owner: type) -> Self: ...
    @overload
    def __get__(self, one: object, owner: type) -> _T: ...
    def __get__(self, one: object | None, owner: type) -> Self | _T:
        if one is None:
            return self
        value = one.__dict__[self._name] = self._make(one)
        return value
