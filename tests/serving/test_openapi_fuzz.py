"""Whatever a client sends, the answer has a status that the description names, and is never a fault of ours."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from serving.database.connection import database_url
from serving.database.migration import open_database
from serving.openapi import openapi
from serving.operations import OPERATIONS, Operation
from tests.serving.served import HOST, served

# Schemathesis warns of what it deprecates itself.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
NOT_ROUTED = {404, 405}  # an empty part of a path, or one with a slash, is another path


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder: Path = tmp_path_factory.mktemp("fuzz")
    database = open_database(database_url(None, folder))
    with served(database, folder=folder) as client:
        yield client
    database.close()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_every_operation_answers_as_described(client: TestClient, operation: Operation) -> None:
    import schemathesis
    from hypothesis import HealthCheck, given, settings

    schema = schemathesis.openapi.from_dict(openapi())
    found = schema[f"/v1{operation.path}"][operation.method]
    described = {int(status) for status in found.definition.raw["responses"]}

    @given(case=found.as_strategy())
    @settings(max_examples=10, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def check(case: Any) -> None:
        sent = case.as_transport_kwargs(base_url=HOST)
        sent.pop("cookies", None)
        response = client.request(**sent)
        assert response.status_code in described | NOT_ROUTED, response.text
        assert response.status_code != 500

    check()
