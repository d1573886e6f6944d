"""The BentoML service: ``bentoml serve serving.service:CountervoiceService``, or ``countervoice serve``.

What it serves, to whom, and where it keeps things is told by the variables of ``serving.configuration``.
"""

import logging
from typing import Any

import bentoml
from bentoml.exceptions import ServiceUnavailable

from serving.api import create_app
from serving.batcher import BusyError
from serving.body_limit import BodyLimit
from serving.configuration import configuration
from serving.control import close_control
from serving.dashboard.api import DashboardPages
from serving.database.migration import open_database
from serving.engine import Engine
from serving.gate import Gate
from serving.guard import Guard
from serving.job_supervisor import Supervisor
from serving.keeper import Keeper
from serving.logs import configure_logs, with_fields
from serving.messages import MessageAnswer, Texts
from serving.observer import MetricsPage, Observer
from serving.rate_limit import RateLimit
from serving.tracing import configure_tracing
from serving.version import version

MAX_BODY_BYTES = 32 * 1024 * 1024  # the largest allowed request, every character escaped, fits
TIMEOUT_S = 300

log = logging.getLogger(__name__)
api = create_app()


@bentoml.service(
    name="countervoice",
    workers=1,
    traffic={"timeout": TIMEOUT_S},
    metrics={
        "enabled": False
    },  # BentoML's have a series for each path that is asked for: memory without bound
    logging={"access": {"enabled": False}},  # the observer's say more, and no path with an id in it
    tracing={"excluded_urls": ".*"},  # four spans a request that nobody is sent; the observer's are
)
@bentoml.asgi_app(api, path="/v1", name="v1")
class CountervoiceService:
    """Classifies customer messages and answers each with its counter-voice from the last mining."""

    def __init__(self) -> None:
        settings = configuration()
        configure_logs(settings.log_format)
        configure_tracing()
        self.database = open_database(settings.database)
        self.engine = Engine.load(settings.state, settings.model, settings.runtime, settings.latency_budget)
        self.supervisor = Supervisor(settings, self.database, self.engine)
        api.state.engine = self.engine
        api.state.keeper = Keeper(self.database, self.engine, settings)
        api.state.gate = Gate(self.database, settings.keys, RateLimit(settings.rate))
        self.supervisor.start()
        model, served = self.engine.predictor.info, self.engine.served
        mined = served.state.stored.created_at if served else None
        told = with_fields(
            version=version(), model=f"{model.name} {model.version}", state=str(settings.state), mined=mined
        )
        log.info("started", extra=told)

    prepare = bentoml.on_deployment(close_control)  # in the process that starts the workers, before it does

    @bentoml.on_shutdown  # type: ignore[untyped-decorator]
    def stop(self) -> None:
        """Put a running job back into the queue, and close what is open."""
        self.supervisor.stop()
        self.database.close()

    @bentoml.api  # type: ignore[untyped-decorator]
    async def classify(self, texts: Texts) -> list[MessageAnswer]:
        """The same as POST /v1/classify without contexts, for BentoML's own clients."""
        try:
            answers = await self.engine.classify(texts)
        except BusyError as error:
            raise ServiceUnavailable(f"too much is waiting: {error}") from error
        return [MessageAnswer.model_validate(answer) for answer in answers]


service: Any = CountervoiceService  # what the decorator really gives: a bentoml Service
service.add_asgi_middleware(Observer, state=api.state)  # the first one is the outermost
service.add_asgi_middleware(Guard, state=api.state)
service.add_asgi_middleware(BodyLimit, limit=MAX_BODY_BYTES, state=api.state)
service.add_asgi_middleware(MetricsPage, state=api.state)
service.add_asgi_middleware(DashboardPages)
