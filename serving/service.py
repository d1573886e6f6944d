"""The BentoML service: ``bentoml serve serving.service:CountervoiceService``, or ``countervoice serve``.

``COUNTERVOICE_STATE`` names the folder that ``countervoice mine --out`` wrote (default ``out``),
``COUNTERVOICE_MODEL`` the checkpoint folder (default: the one that ships), ``COUNTERVOICE_RUNTIME`` what runs it
(default ``auto``), ``COUNTERVOICE_DATABASE`` the URL of what is kept (default: a file in the state folder),
``COUNTERVOICE_KEYS`` the policy of ``serving.gate`` (default ``required``), ``COUNTERVOICE_RATE`` requests a minute,
``COUNTERVOICE_REDACT`` ``off`` to keep texts as they come.
"""

import os
from pathlib import Path
from typing import Any

import bentoml

from serving.api import create_app
from serving.body_limit import BodyLimit
from serving.database.connection import database_url
from serving.database.migration import open_database
from serving.engine import Engine
from serving.gate import Gate, KeyPolicy
from serving.guard import Guard
from serving.keeper import Keeper
from serving.messages import MessageAnswer, Texts
from serving.rate_limit import RateLimit

MAX_BODY_BYTES = 32 * 1024 * 1024  # the largest allowed request, every character escaped, fits
TIMEOUT_S = 300
RATE = "3000"

api = create_app()


@bentoml.service(name="countervoice", workers=1, traffic={"timeout": TIMEOUT_S})
@bentoml.asgi_app(api, path="/v1", name="v1")
class CountervoiceService:
    """Classifies customer messages and answers each with its counter-voice from the last mining."""

    def __init__(self) -> None:
        model = os.environ.get("COUNTERVOICE_MODEL")
        state = Path(os.environ.get("COUNTERVOICE_STATE", "out"))
        runtime = os.environ.get("COUNTERVOICE_RUNTIME", "auto")
        self.database = open_database(database_url(os.environ.get("COUNTERVOICE_DATABASE"), state))
        api.state.gate = Gate(
            self.database, _policy(), RateLimit(int(os.environ.get("COUNTERVOICE_RATE", RATE)))
        )
        self.engine = Engine.load(state, Path(model) if model else None, runtime)
        api.state.engine = self.engine
        api.state.keeper = Keeper(
            self.database, self.engine, redact=os.environ.get("COUNTERVOICE_REDACT") != "off"
        )

    @bentoml.api  # type: ignore[untyped-decorator]
    async def classify(self, texts: Texts) -> list[MessageAnswer]:
        """The same as POST /v1/classify, for BentoML's own clients."""
        answers = await self.engine.classify(texts)
        return [MessageAnswer.model_validate(answer) for answer in answers]


def _policy() -> KeyPolicy:
    """The policy on keys; anything that is not one of them asks for keys."""
    given = os.environ.get("COUNTERVOICE_KEYS")
    return "loopback" if given == "loopback" else "off" if given == "off" else "required"


service: Any = CountervoiceService  # what the decorator really gives: a bentoml Service
service.add_asgi_middleware(Guard, state=api.state)  # the first one is the outermost
service.add_asgi_middleware(BodyLimit, limit=MAX_BODY_BYTES)
