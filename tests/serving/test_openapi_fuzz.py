"""Whatever a client sends, the answer has a status and a shape that the description names, and is no fault of ours."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from serving.database.connection import Database, database_url
from serving.database.migration import open_database
from serving.engine import Engine
from serving.openapi import openapi
from serving.operations import OPERATIONS, Operation
from serving.state import read_state
from tests.fakes import KeywordPredictor
from tests.serving.fix_world import FIXED_ON, fixable_folder
from tests.serving.job_world import keep_feedback
from tests.serving.served import HOST, served

# Schemathesis warns of what it deprecates itself.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
NOT_ROUTED = {404, 405}  # an empty part of a path, or one with a slash, is another path
LOOKS = [looks for looks in OPERATIONS if looks.method == "GET" and looks.id != "send_result"]


def each(operations: Sequence[Operation]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("operation", operations, ids=lambda operation: operation.id)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = open_database(database_url(None, tmp_path_factory.mktemp("kept")))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def unmined(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with served(database, folder=tmp_path_factory.mktemp("empty")) as client:
        yield client


@pytest.fixture(scope="module")
def mined(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A mining with a journal, feedback, a fix, a belief, a contact and a job, so that routes have something to say."""
    folder: Path = fixable_folder(tmp_path_factory.mktemp("fuzz") / "out")
    keep_feedback(database)
    with served(
        database, engine=Engine(read_state(folder), KeywordPredictor(), folder), folder=folder
    ) as client:
        told = {"cause_id": "c-0001", "owner": "Ana", "action": "Sleep mode", "date": FIXED_ON}
        person = client.get("/v1/recovery?limit=1").json()["people"][0]["id"]
        for path, sent in (
            ("fixes", told),
            ("gap", {"subject": "c-0001", "share": 0.1, "by": "COO"}),
            (f"recovery/{person}", {"state": "contacted"}),
            ("jobs/score", {}),
        ):
            assert client.post(f"/v1/{path}", json=sent).is_success, path
        yield client


@each(OPERATIONS)
def test_every_operation_answers_as_described(mined: TestClient, operation: Operation) -> None:
    fuzz(mined, operation)


@each(OPERATIONS)
def test_so_it_does_before_the_first_mining(unmined: TestClient, operation: Operation) -> None:
    fuzz(unmined, operation)


@each(LOOKS)
def test_what_is_there_is_answered_well(mined: TestClient, operation: Operation) -> None:
    """Fuzzing hardly ever finds an id that exists, so that good answers are held to their schema here."""
    job = mined.get("/v1/jobs").json()["jobs"][0]["id"]
    path = operation.path.format(cause_id="c-0001", feedback_id="r1", job_id=job)
    response = mined.get(f"/v1{path}")
    assert response.status_code == 200, response.text
    described(operation).validate_response(response)


def described(operation: Operation) -> Any:
    import schemathesis

    return schemathesis.openapi.from_dict(openapi())[f"/v1{operation.path}"][operation.method]


def fuzz(client: TestClient, operation: Operation) -> None:
    """Valid and invalid requests: no answer has a status or a body that is not described, or 500."""
    from hypothesis import HealthCheck, given, settings, strategies
    from schemathesis import GenerationMode

    found = described(operation)
    statuses = {int(status) for status in found.definition.raw["responses"]}
    valid, invalid = (found.as_strategy(generation_mode=mode) for mode in GenerationMode)

    @given(case=strategies.one_of(valid, invalid))
    @settings(max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def check(case: Any) -> None:
        sent = case.as_transport_kwargs(base_url=HOST)
        sent.pop("cookies", None)
        response = client.request(**sent)
        assert response.status_code in statuses | NOT_ROUTED, response.text
        assert response.status_code != 500
        if response.status_code in statuses:
            found.validate_response(response)

    check()
