"""The OpenAPI description of /v1: the operations of ``serving.operations`` and the types of their messages."""

from typing import Any

from pydantic.json_schema import models_json_schema

from serving.messages import ErrorAnswer
from serving.operations import OPERATIONS, Operation, schema_of
from serving.operations import REFERENCE as _REFERENCE

VERSION = "1"
_ALWAYS = {
    "401": "A key is missing, unknown or revoked; WWW-Authenticate says how to send one.",
    "403": "The key has not the scope that this needs.",
    "422": "A field or a part of the query is missing, unknown, or outside its limits.",
    "429": "Too many requests of one key or address, or jobs of one caller; Retry-After says when to come back.",
    "500": "A fault of the service; its log says more.",
    "503": "The service is starting, has too much to do, or cannot reach what it keeps.",
}
_WITH_BODY = {
    "400": "The body is not JSON.",
    "413": "The body is too large.",
    "415": "The content type is not application/json.",
}


def openapi() -> dict[str, Any]:
    """An OpenAPI 3.1 document; causes and oppositions have the shape of ``report.json``."""
    requests = [operation.request for operation in OPERATIONS if operation.request]
    answers = [operation.answer for operation in OPERATIONS if operation.answer]
    wanted = [(model, "validation") for model in dict.fromkeys(requests)]
    given = [(model, "serialization") for model in dict.fromkeys([*answers, ErrorAnswer])]
    _, schemas = models_json_schema([*wanted, *given], ref_template=_REFERENCE)  # type: ignore[list-item]
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
            "schemas": {**schemas["$defs"], "Record": {"type": "object"}},
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
        status: {"description": reason, "content": content} for status, reason in operation.statuses.items()
    }


def _errors(operation: Operation) -> dict[str, Any]:
    reasons = {**_ALWAYS, **operation.errors}
    if operation.request:
        reasons |= _WITH_BODY
    content = {"application/json": {"schema": schema_of(ErrorAnswer)}}
    return {status: {"description": reasons[status], "content": content} for status in sorted(reasons)}


def _path_parameters(path: str) -> list[dict[str, Any]]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
