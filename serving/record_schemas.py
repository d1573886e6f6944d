"""Schemas of causes and oppositions as routes answer them, made of that of ``report.json``, the only source of them."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from serving.version import ROOT

Schema = dict[str, Any]

REFERENCE: Final = "#/components/schemas/{model}"
_FILE: Final = ROOT / "mining" / "report.schema.json"
_STATEMENT: Final = {
    "type": ["string", "null"],
    "description": "Id by which POST /v1/edits takes it; null where it cannot be told now.",
}
_RECORDS: Final = ("opposition", "side", "segment", "example", "grade", "trend", "recent")


def schema_named(name: str) -> Schema:
    """A reference to the schema ``name`` of the description."""
    return {"$ref": REFERENCE.format(model=name)}


def list_of(key: str, name: str) -> Schema:
    """An object with the list ``key`` of what has the schema ``name``."""
    return _object({key: _list(name)})


@cache
def record_schemas() -> Mapping[str, Schema]:
    """Name in the description to schema: the records of the report, and what routes leave out of them or add."""
    report = json.loads(_FILE.read_text(encoding="utf-8"))["$defs"]
    records = {name.capitalize(): _referring(report[name]) for name in _RECORDS}
    opposition, side, cause = records["Opposition"], records["Side"], _referring(report["cause"])
    messages = {
        "type": "object",
        "description": "Feedback id to the whole text of each message that an example quotes.",
        "additionalProperties": {"type": "string"},
    }
    first = {"anyOf": [schema_named("Opposition"), {"type": "null"}], "description": "The first one, if any."}
    more = {"opposition": first, "oppositions": _list("Opposition"), "messages": messages}
    return {
        **records,
        "WholeExample": _with(records["Example"], {"statement": _STATEMENT}),
        "Side": _with_whole_examples(side),
        "CountedSide": _without(side, "members", "examples"),
        "QuotedSide": _without(side, "members"),
        "ListedCause": _with_sides(_without(cause, "members", "examples"), "CountedSide"),
        "ListedOpposition": _with_sides(opposition, "QuotedSide"),
        "WholeCause": _with(_with_whole_examples(cause), more),
        "OppositionsOfCause": _object({"oppositions": _list("Opposition"), "messages": messages}),
    }


def _referring(schema: Any) -> Any:
    """References within the file as references within the description."""
    if isinstance(schema, list):
        return [_referring(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {**schema, **schema_named(schema["$ref"].rpartition("/")[2].capitalize())}
    return {key: _referring(value) for key, value in schema.items()}


def _list(name: str) -> Schema:
    return {"type": "array", "items": schema_named(name)}


def _object(properties: Mapping[str, Schema]) -> Schema:
    return {"type": "object", "required": list(properties), "properties": dict(properties)}


def _with(schema: Schema, properties: Mapping[str, Schema]) -> Schema:
    return {
        **schema,
        "required": [*schema["required"], *properties],
        "properties": {**schema["properties"], **properties},
    }


def _without(schema: Schema, *names: str) -> Schema:
    return {
        **schema,
        "required": [name for name in schema["required"] if name not in names],
        "properties": {name: each for name, each in schema["properties"].items() if name not in names},
    }


def _with_whole_examples(schema: Schema) -> Schema:
    examples = {**schema["properties"]["examples"], "items": schema_named("WholeExample")}
    return {**schema, "properties": {**schema["properties"], "examples": examples}}


def _with_sides(schema: Schema, name: str) -> Schema:
    sides = {**schema["properties"]["sides"], "items": schema_named(name)}
    return {**schema, "properties": {**schema["properties"], "sides": sides}}
