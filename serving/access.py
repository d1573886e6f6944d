"""Who calls, and what a route asks of whoever calls it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from serving.database.keys import Key, Scope

CALLER: Final = "countervoice.caller"  # where the guard leaves it in the ASGI scope
REALM: Final = 'Bearer realm="countervoice"'

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever sent a request.

    Attributes:
        name: For the audit log and the rate limit: the key's id and name, or the address.
        scopes: What it may do; ``admin`` may do everything.
        key_id: Of its key; None for one without.
    """

    name: str
    scopes: frozenset[str]
    key_id: str | None = None

    def may(self, scope: Scope) -> bool:
        """Whether it may do what ``scope`` allows."""
        return not self.scopes.isdisjoint({scope, "admin"})


def caller_with(key: Key) -> Caller:
    """The caller that sent ``key``."""
    return Caller(f"key {key.id} ({key.name})", key.scopes, key.id)


def caller_of(request: Request) -> Caller:
    """The caller of ``request``.

    Raises:
        HTTPException: 401; no guard let it in, so nobody did.
    """
    caller = request.scope.get(CALLER)
    if not isinstance(caller, Caller):
        raise unauthorized("no key was checked")
    return caller


def unauthorized(reason: str) -> HTTPException:
    """401, with the way to do it right."""
    message = f"{reason}: send the header `Authorization: Bearer <key>` with a key that is in force"
    return HTTPException(401, message, {"WWW-Authenticate": REALM})


def forbidden(scope: Scope) -> HTTPException:
    """403: the key is good, but not for this."""
    challenge = f'{REALM}, error="insufficient_scope", scope="{scope}"'
    message = f"this needs a key with the scope {scope}, the one that was sent has others"
    return HTTPException(403, message, {"WWW-Authenticate": challenge})


class ScopedRoute(Route):
    """A route that no caller reaches without the scope ``needs``, or with a part of the query not in ``query``."""

    def __init__(
        self, path: str, endpoint: Endpoint, needs: Scope, method: str = "GET", query: Sequence[str] = ()
    ) -> None:
        async def checked(request: Request) -> Response:
            if not caller_of(request).may(needs):
                raise forbidden(needs)
            for name in request.query_params:
                if name not in query:
                    raise HTTPException(
                        422, f"{name}: no part of this query; {', '.join(query) or 'none'} may be"
                    )
            return await endpoint(request)

        super().__init__(path, checked, methods=[method], name=getattr(endpoint, "__name__", path))
        self.told = f"{method} /v1{path}"  # how logs and metrics name it
        self.needs = needs
        self.query = frozenset(query)
