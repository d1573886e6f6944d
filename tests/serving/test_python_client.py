"""The Python client in the documentation, run as it stands there."""

import re
from typing import Any

import pytest

from serving.database.connection import Database
from serving.version import ROOT
from tests.serving.served import served

BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_client_in_the_docs_classifies_keeps_and_tells_what_was_refused(embedded: Database) -> None:
    program, _ = BLOCK.findall((ROOT / "docs" / "http.md").read_text(encoding="utf-8"))
    names: dict[str, Any] = {}
    exec(compile(program, "http.md", "exec"), names)
    with served(embedded) as http:
        client = names["Countervoice"](http)
        ((statement,),) = [message["statements"] for message in client.classify(["案例太多，看不下去"])]
        assert statement["counter"]["label"] == "too_little"
        assert client.keep([{"id": "f-900", "text": "Call me: +371 29123456"}]) == {"phone": 1}
        with pytest.raises(names["CountervoiceError"], match="invalid_request: texts: ") as refused:
            client.classify([])
    assert refused.value.code == "invalid_request"
