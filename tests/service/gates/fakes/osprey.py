"""As much of Osprey as a plugin meets, in ``sys.modules`` while a test runs.

Sentences of the contract that it enforces:

- Plugins are found by the entry point group ``osprey_plugin``; only hooks that Osprey's marker marks are called:
  ``register_udfs`` and ``register_output_sinks``.
- A function for rules that returns None skips its rule and everything behind it, and so does one that raises.
- A sink has ``will_do_work``, ``push`` and ``stop``, and is pushed to only if it will do work. It has two seconds.
  Nothing is tried twice, and errors are dropped.
"""

from __future__ import annotations

import importlib
import sys
import time
import types
from importlib.metadata import EntryPoint
from typing import Any, Generic, TypeVar

A, R = TypeVar("A"), TypeVar("R")
SECONDS = 2.0
NAMES = (
    "osprey", "osprey.engine", "osprey.engine.udf", "osprey.engine.udf.arguments", "osprey.engine.udf.base",
    "osprey.worker", "osprey.worker.adaptor", "osprey.worker.adaptor.plugin_manager", "osprey.worker.sinks",
    "osprey.worker.sinks.sink", "osprey.worker.sinks.sink.output_sink",
)  # fmt: skip


class ArgumentsBase:
    """What a rule gives a function; what it leaves open is the class's."""

    def __init__(self, given: dict[str, Any]) -> None:
        known = set(type(self).__annotations__)
        needed = {name for name in known if not hasattr(type(self), name)}
        if set(given) - known or needed - set(given):
            raise TypeError("a rule gives other arguments than the function takes")
        vars(self).update(given)


class UDFBase(Generic[A, R]):
    """A function for rules."""

    def execute(self, context: Any, arguments: A) -> R:
        raise NotImplementedError


class BaseOutputSink:
    """A sink."""


def hookimpl_osprey(function: Any) -> Any:
    function.osprey_marked = True
    return function


class Result:
    """What executing the rules over an action gave."""

    def __init__(self, action_id: int, features: dict[str, Any]) -> None:
        self.action = types.SimpleNamespace(action_id=action_id, action_name="account_created")
        self.extracted_features = features


class Osprey:
    """A worker with the plugin loaded from its entry point."""

    def __init__(self, value: str) -> None:
        self.dropped: list[BaseException] = []
        module = EntryPoint("doublecheck", value, "osprey_plugin").load()
        hooks = {name: hook for name, hook in vars(module).items() if getattr(hook, "osprey_marked", False)}
        assert set(hooks) == {"register_udfs", "register_output_sinks"}
        self.functions = {udf.__name__: udf() for udf in hooks["register_udfs"]()}
        assert all(isinstance(udf, UDFBase) for udf in self.functions.values())
        self.sinks = hooks["register_output_sinks"](config=object())
        assert all(isinstance(sink, BaseOutputSink) for sink in self.sinks)

    def rule(self, function: str, **given: Any) -> Any:
        """Return what a function gives a rule; None where the rule and all behind it are skipped."""
        udf = self.functions[function]
        arguments = type(udf).__orig_bases__[0].__args__[0]
        try:
            return udf.execute(object(), arguments(given))
        except Exception:
            return None

    def push(self, action_id: int, **features: Any) -> None:
        """Hand a result to the sinks."""
        result = Result(action_id, features)
        for sink in self.sinks:
            began = time.monotonic()
            try:
                if sink.will_do_work(result):
                    sink.push(result)
            except Exception as error:
                self.dropped.append(error)
            assert time.monotonic() - began < SECONDS

    def stop(self) -> None:
        """Stop the worker."""
        for sink in self.sinks:
            sink.stop()


def install(monkeypatch: Any) -> None:
    """Put Osprey where plugins import it from, and forget the plugin as it was without it."""
    for name in NAMES:
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    sys.modules["osprey.engine.udf.arguments"].ArgumentsBase = ArgumentsBase
    sys.modules["osprey.engine.udf.base"].UDFBase = UDFBase
    sys.modules["osprey.worker.adaptor.plugin_manager"].hookimpl_osprey = hookimpl_osprey
    sys.modules["osprey.worker.sinks.sink.output_sink"].BaseOutputSink = BaseOutputSink
    monkeypatch.delitem(sys.modules, "service.gates.osprey", raising=False)
    importlib.invalidate_caches()
