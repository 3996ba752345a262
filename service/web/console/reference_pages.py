"""The reference page's content, out of the OpenAPI document: the same facts, in HTML, without a script.

Swagger UI, Redoc and Scalar are 1.5 MB of script each and need inline styles; this origin runs no script at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]
_HIDDEN = {"HTTPValidationError", "ValidationError"}  # FastAPI's own error form, which no answer here has


@dataclass(frozen=True)
class Type:
    """A type in words; ``link`` is the schema it names, if it names one."""

    words: str
    link: str = ""


@dataclass(frozen=True)
class Operation:
    """One method of one address."""

    method: str
    path: str
    summary: str
    description: str
    roles: list[str]
    parameters: list[FieldLine]
    takes: list[Type]
    examples: list[tuple[str, str]]
    answers: list[tuple[str, str, list[Type]]]
    problems: list[str]


@dataclass(frozen=True)
class FieldLine:
    """One field of a schema."""

    name: str
    types: list[Type]
    required: bool
    description: str


@dataclass(frozen=True)
class Schema:
    """One object of the wire."""

    name: str
    description: str
    fields: list[FieldLine]


@dataclass(frozen=True)
class Reference:
    """All that the reference page shows."""

    title: str
    version: str
    description: str
    operations: list[Operation]
    schemas: list[Schema]


def reference(document: Document) -> Reference:
    """Return the content of the page for an OpenAPI document."""
    schemas = document["components"]["schemas"]
    return Reference(
        title=document["info"]["title"],
        version=document["info"]["version"],
        description=document["info"]["description"],
        operations=[
            _operation(method.upper(), path, operation)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        ],
        schemas=[_schema(name, schema) for name, schema in schemas.items() if name not in _HIDDEN],
    )


def types(schema: Document) -> list[Type]:
    """Return what a JSON Schema allows, in words.

    Examples
    --------
    >>> [kind.words for kind in types({"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}]})]
    ['list of string', 'null']
    """
    return list(_types(schema))


def _types(schema: Document) -> Iterator[Type]:
    for key in ("anyOf", "oneOf"):
        for option in schema.get(key, []):
            yield from _types(option)
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        yield Type(name, name)
    elif "const" in schema:
        yield Type(json.dumps(schema["const"]))
    elif "enum" in schema:
        yield from (Type(json.dumps(value)) for value in schema["enum"])
    elif schema.get("type") == "array":
        yield from (Type(f"list of {kind.words}", kind.link) for kind in _types(schema["items"]))
    elif "type" in schema:
        yield Type(f"{schema['type']} ({schema['format']})" if "format" in schema else schema["type"])


def _operation(method: str, path: str, operation: Document) -> Operation:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return Operation(
        method=method,
        path=path,
        summary=operation["summary"],
        description=operation.get("description", ""),
        takes=types(body.get("schema", {})),
        examples=[(e["summary"], json.dumps(e["value"], indent=2)) for e in body.get("examples", {}).values()],
        roles=operation.get("x-roles", []),
        parameters=[_parameter(parameter) for parameter in operation.get("parameters", [])],
        answers=[_answer(status, one) for status, one in operation["responses"].items() if status.startswith("2")],
        problems=[
            code for status, one in operation["responses"].items() if status.startswith("4") for code in _codes(one)
        ],
    )


def _parameter(parameter: Document) -> FieldLine:
    schema = parameter["schema"]
    description = parameter.get("description", schema.get("description", ""))
    return FieldLine(parameter["name"], types(schema), parameter.get("required", False), description)


def _codes(answer: Document) -> list[str]:
    return re.findall(r"`([a-z_]+)`:", answer["description"])


def _answer(status: str, answer: Document) -> tuple[str, str, list[Type]]:
    kinds = [kind for content in answer.get("content", {}).values() for kind in types(content.get("schema", {}))]
    description = answer["description"]
    return status, "" if description == "Successful Response" else description, kinds


def _schema(name: str, schema: Document) -> Schema:
    required = set(schema.get("required", []))
    fields = [
        FieldLine(field, types(value), field in required, value.get("description", ""))
        for field, value in schema.get("properties", {}).items()
    ]
    return Schema(name, schema.get("description", ""), fields)
