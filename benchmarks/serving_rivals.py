"""What the service is measured against: plain services on the same weights, and one that does nothing.

    uvicorn benchmarks.serving_rivals:plain_app --factory       FastAPI, one forward pass for each request
    uvicorn benchmarks.serving_rivals:empty_app --factory       Starlette alone
    bentoml serve benchmarks.serving_rivals:BatchedService      the same forward pass, batched by BentoML

The first and the last tokenise the whole text and say sentiment, topics and degree: no language, no statements, no wide
part, no cause. It is less than the service does.
"""

from collections.abc import Sequence
from typing import Any

import bentoml
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


class Texts(BaseModel):
    """The body of a request."""

    texts: list[str]


class PlainModel:
    """Tokenise and run the network, as many first services do; torch with its own choice of threads."""

    def __init__(self) -> None:
        from models.checkpoint import DEFAULT, load_checkpoint

        self._network, self._tokenizer, self._calibration = load_checkpoint(DEFAULT)
        self._network.eval()
        self(["warm"])

    def __call__(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """Probabilities of each head for each text, in one padded batch."""
        import torch

        batch = self._tokenizer(
            list(texts),
            truncation=True,
            max_length=self._calibration.max_length,
            padding=True,
            return_tensors="pt",
        )
        with torch.inference_mode():
            logits = self._network(batch["input_ids"], batch["attention_mask"]).logits
        heads = {name: values.softmax(-1).tolist() for name, values in logits.items() if name != "topics"}
        heads["topics"] = logits["topics"].sigmoid().tolist()
        return [{name: rows[row] for name, rows in heads.items()} for row in range(len(texts))]


def plain_app() -> Any:
    """FastAPI with a plain function: each request is a forward pass in a thread of its pool."""
    from fastapi import FastAPI

    app, model = FastAPI(), PlainModel()

    @app.post("/classify")
    def classify(wanted: Texts) -> list[dict[str, Any]]:
        return model(wanted.texts)

    return app


def empty_app() -> Starlette:
    """Reads the request and answers an empty list."""

    async def nothing(request: Request) -> Response:
        await request.json()
        return JSONResponse([])

    return Starlette(routes=[Route("/classify", nothing, methods=["POST"])])


@bentoml.service(name="batched", workers=1, traffic={"timeout": 300})
class BatchedService:
    """BentoML's adaptive batching, with its own settings."""

    def __init__(self) -> None:
        self.model = PlainModel()

    @bentoml.api(batchable=True, max_batch_size=64)  # type: ignore[untyped-decorator]
    def classify(self, texts: list[str]) -> list[dict[str, Any]]:
        """Classify the texts of several requests at once."""
        return self.model(texts)
