"""The routes of the perception gap: beliefs beside what was measured, and a new belief."""

from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mining.gap.book import Sealed
from serving.access import ScopedRoute, caller_of
from serving.database.audit import recording
from serving.gap.folder import believe, show
from serving.gap.messages import BeliefRequest, GapsAnswer, belief_answer, gaps_answer
from serving.requests import json_body, keeper_of, mined_folder


def gap_routes() -> list[ScopedRoute]:
    """The routes of this file, under /v1."""
    return [ScopedRoute("/gap", show_gap, "read"), ScopedRoute("/gap", add_belief, "write", "POST")]


async def show_gap(request: Request) -> Response:
    """GET /v1/gap: what is shown is closed to further beliefs; topics without one keep their numbers to themselves.

    HEAD, which monitors and previews of links send, shows nothing and closes nothing.
    """
    if request.method == "HEAD":
        return Response(media_type="application/json")
    answer = await run_in_threadpool(_shown, request)
    return JSONResponse(answer.model_dump(mode="json"))


async def add_belief(request: Request) -> Response:
    """POST /v1/gap: seal a belief."""
    wanted = BeliefRequest.model_validate_json(await json_body(request))
    sealed = await run_in_threadpool(_sealed, request, wanted)
    return JSONResponse(belief_answer(sealed).model_dump(mode="json"), 201)


def _shown(request: Request) -> GapsAnswer:
    return gaps_answer(show(mined_folder(request)))


def _sealed(request: Request, wanted: BeliefRequest) -> Sealed:
    keeper, folder = keeper_of(request), mined_folder(request)
    entering = partial(recording, keeper.database, caller_of(request).name, "gap.believe", wanted.subject)
    return believe(folder, wanted.subject, wanted.share, wanted.by, margin=wanted.margin, entering=entering)
