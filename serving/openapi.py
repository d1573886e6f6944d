"""The OpenAPI description of /v1: the operations of ``serving.operations`` and the types of their messages."""

from collections.abc import Sequence
from typing import Any

from pydantic.json_schema import models_json_schema

from serving.messages import ErrorAnswer
from serving.operations import OPERATIONS, Operation, schema_of
from serving.record_schemas import REFERENCE, record_schemas

VERSION = "1"
_ALWAYS = {
    "401": "A key is missing, unknown or revoked; WWW-Authenticate says how to send one.",
    "403": "The key has not the scope that this needs.",
    "422": "A field or a part of the query is missing, unknown, or outside its limits.",
    "429": "Too many requests of one key or address, or jobs of one caller; Retry-After says when to come back.",
    "500": "A fault of the service; its log says more.",
    "503": "The service is starting, has too much to do, or cannot reach what it keeps.",
}
_HEADERS = {
    "401": ("WWW-Authenticate",),
    "403": ("WWW-Authenticate",),
    "429": ("Retry-After",),
    "503": ("Retry-After",),
}
_MEANINGS = {
    "Location": ("Where the job can be looked at.", "string"),
    "Retry-After": ("Seconds after which to come back.", "integer"),
    "WWW-Authenticate": ("How to send a key, or the scope that it needs.", "string"),
}
_WITH_BODY = {
    "400": "The body is not JSON.",
    "408": "The body comes too slowly.",
    "413": "The body is too large.",
    "415": "The content type is not application/json.",
}


def openapi() -> dict[str, Any]:
    """An OpenAPI 3.1 document; causes and oppositions have the shape of ``report.json``."""
    requests = [operation.request for operation in OPERATIONS if operation.request]
    answers = [operation.answer for operation in OPERATIONS if operation.answer]
    wanted = [(model, "validation") for model in dict.fromkeys(requests)]
    given = [(model, "serialization") for model in dict.fromkeys([*answers, ErrorAnswer])]
    _, schemas = models_json_schema([*wanted, *given], ref_template=REFERENCE)  # type: ignore[list-item]
    paths: dict[str, Any] = {}
    for operation in OPERATIONS:
        paths.setdefault(f"/v1{operation.path}", {})[operation.method.lower()] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Countervoice",
            "version": VERSION,
            "description": "Which cause a message falls in, its side, and what the other side says.",
        },
        "paths": paths,
        "components": {
            "schemas": {**schemas["$defs"], **record_schemas()},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _described(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "security": [{"key": []}],
        "x-scope": operation.needs,
        "responses": {**_success(operation), **_errors(operation)},
    }
    if parameters := [*_path_parameters(operation.path), *operation.query]:
        described["parameters"] = parameters
    if operation.request:
        content: dict[str, Any] = {"schema": operation.request_schema or schema_of(operation.request)}
        if operation.example:
            content["example"] = operation.example
        described["requestBody"] = {"required": True, "content": {"application/json": content}}
    return described


def _success(operation: Operation) -> dict[str, Any]:
    schema = operation.answer_schema or (schema_of(operation.answer) if operation.answer else {})
    content = {kind: {"schema": schema} if schema else {} for kind in operation.media_types}
    return {
        status: _response(reason, content, operation.headers.get(status, ()))
        for status, reason in operation.statuses.items()
    }


def _errors(operation: Operation) -> dict[str, Any]:
    reasons = {**_ALWAYS, **operation.errors}
    if operation.request:
        reasons |= _WITH_BODY
    content = {"application/json": {"schema": schema_of(ErrorAnswer)}}
    return {
        status: _response(reasons[status], content, _HEADERS.get(status, ())) for status in sorted(reasons)
    }


def _response(reason: str, content: dict[str, Any], headers: Sequence[str]) -> dict[str, Any]:
    response: dict[str, Any] = {"description": reason, "content": content}
    if headers:
        response["headers"] = {
            name: {"description": meaning, "schema": {"type": kind}}
            for name in headers
            for meaning, kind in [_MEANINGS[name]]
        }
    return response


def _path_parameters(path: str) -> list[dict[str, Any]]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
