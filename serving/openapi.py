"""The OpenAPI description of /v1, made from the types in ``serving.messages``."""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from serving.messages import ClassifyRequest, ErrorAnswer, MessageAnswer

VERSION = "1"
_COMPONENT = "#/components/schemas/{model}"


def openapi() -> dict[str, Any]:
    """An OpenAPI 3.1 document; causes and oppositions have the shape of ``report.json``."""
    models: tuple[type[BaseModel], ...] = (ClassifyRequest, MessageAnswer, ErrorAnswer)
    _, schemas = models_json_schema([(model, "serialization") for model in models], ref_template=_COMPONENT)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Countervoice",
            "version": VERSION,
            "description": "Which cause a message falls in, its side, and what the other side says.",
        },
        "paths": {
            "/v1/classify": {"post": _classify()},
            "/v1/causes": {"get": _listing("Causes of the last mining, most people first.", "causes")},
            "/v1/causes/{cause_id}": {"get": _cause()},
            "/v1/oppositions": {
                "get": _listing("Oppositions, the one that matters most first.", "oppositions")
            },
        },
        "components": {"schemas": {**schemas["$defs"], "Record": {"type": "object"}}},
    }


def _classify() -> dict[str, Any]:
    return {
        "operationId": "classify",
        "summary": "Classify messages and show the counter-voice of each.",
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": _reference("ClassifyRequest"),
                    "example": {"texts": ["Quá ít ví dụ so với số công ty trong nước"]},
                }
            },
        },
        "responses": {
            "200": _answer("One answer per text, in order.", _array(_reference("MessageAnswer"))),
            **_errors(
                {
                    "400": "The body is not JSON.",
                    "413": "The body is too large.",
                    "415": "The content type is not application/json.",
                    "422": "The texts are missing, empty, too many or too long.",
                    "503": "Too many texts are waiting; Retry-After says when to come back.",
                }
            ),
        },
    }


def _cause() -> dict[str, Any]:
    parameter = {"name": "cause_id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "operationId": "show_cause",
        "summary": "One cause with its sides, examples, members and its opposition, if it has one.",
        "parameters": [parameter],
        "responses": {
            "200": _answer("The cause.", _reference("Record")),
            **_errors({"404": "There is no such cause in the last mining."}),
        },
    }


def _listing(summary: str, key: str) -> dict[str, Any]:
    schema = {"type": "object", "required": [key], "properties": {key: _array(_reference("Record"))}}
    return {
        "operationId": f"list_{key}",
        "summary": summary,
        "responses": {"200": _answer(summary, schema)},
    }


def _errors(reasons: dict[str, str]) -> dict[str, Any]:
    return {status: _answer(reason, _reference("ErrorAnswer")) for status, reason in reasons.items()}


def _answer(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _reference(name: str) -> dict[str, Any]:
    return {"$ref": _COMPONENT.format(model=name)}
