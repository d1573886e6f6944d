"""Decides who may come in: keys, the limit on requests, and hosts that a browser may not be led to."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from anyio import CapacityLimiter, fail_after, to_thread
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException

from data.errors import DatabaseError
from serving.access import Caller, caller_with, unauthorized
from serving.configuration import KeyPolicy
from serving.database.connection import Database, answer
from serving.database.keys import Scope, digest_of, find_key
from serving.exchange import exchange
from serving.rate_limit import RateLimit

EVERYTHING: Final = frozenset({"admin"})
LOOPBACK_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
TRUST_S: Final = 5.0  # how long a key is believed without asking the database: revoking takes that long
READ_ON_S: Final = 300.0  # for how much longer it may read while the database cannot be asked
_MAX_TRUSTED: Final = 1_000
_LOOKS: Final = 4  # at keys that are known, at once, and as many at others
_WAITING: Final = 64  # keys that are not known
_ANSWER_S: Final = 3.0
_SILENT_S: Final = 10.0  # how long a database that gave no answer is not asked again

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Believed(Caller):
    """A caller whose key opened before, while the database cannot say whether it still does: it may only read."""

    def may(self, scope: Scope) -> bool:
        """Whether it may read.

        Raises:
            DatabaseError: It might do what ``scope`` allows, if it could be asked whether the key is in force.
        """
        allowed = Caller.may(self, scope)
        if allowed and scope != "read":
            raise DatabaseError(f"whether {self.name} may still {scope} cannot be asked")
        return allowed


@dataclass(frozen=True, slots=True)
class _Known:
    caller: Caller
    until: float


class Gate:
    """Names the caller of a request, or says why there is none.

    Policies: ``required`` asks for a key; ``loopback`` lets those without one do everything, as long as they called us
    by a name of this machine (a page that rebinds its own name to 127.0.0.1 does not) and no page of another site sent
    them; ``off`` asks for nothing. A key that is sent is checked under each of them.
    """

    def __init__(
        self,
        database: Database,
        policy: KeyPolicy,
        limit: RateLimit,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limit = limit
        self._database = database
        self._policy = policy
        self._clock = clock
        self._trusted: dict[str, _Known] = {}
        # Not those threads that may all wait for a lock in the database; and no stranger keeps a known key waiting.
        self._known = CapacityLimiter(_LOOKS)
        self._strangers = CapacityLimiter(_LOOKS)
        self._silent_until = -math.inf

    async def admit(self, headers: Headers, address: str) -> Caller:
        """The caller, one token of whose limit was taken.

        Raises:
            HTTPException: 401, 403, 429, or 503 where too many keys wait to be looked up.
            DatabaseError: The key cannot be looked up.
        """
        secret = _bearer(headers.get("authorization"))
        if secret is None:
            self._take(address)
            return self._without_key(headers, address)
        known = self._trusted.get(digest_of(secret))
        if known is not None:
            _tell(known.caller)
        # Guesses cost their address, and not the database; what others at its address send costs no known key.
        self._take(address if known is None else known.caller.name)
        if known is None:
            if self._strangers.statistics().tasks_waiting >= _WAITING:
                raise HTTPException(503, "too many keys wait to be looked up", {"Retry-After": "1"})
            caller = await self._looked_up(secret, self._strangers)
            self._take(caller.name)
            return caller
        return known.caller if self._clock() < known.until else await self._still(known, secret)

    def admit_to_page(self, headers: Headers, address: str) -> Caller:
        """Whoever opens a page without data, which needs no key; where none is needed at all, hosts are looked at.

        Raises:
            HTTPException: 403 or 429.
        """
        self._take(address)
        if self._policy != "required":
            self._without_key(headers, address)
        return Caller(address, frozenset())

    async def database_up(self) -> bool:
        """Whether the database answers now."""
        try:
            await self._in_time(self._known, answer, self._database)
        except DatabaseError:
            return False
        return True

    def _without_key(self, headers: Headers, address: str) -> Caller:
        if self._policy == "required":
            raise unauthorized("a key is missing")
        host = headers.get("host", "").lower()
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        if self._policy == "loopback" and name not in LOOPBACK_HOSTS:
            raise HTTPException(403, f"without a key, call 127.0.0.1 or localhost, not {host or 'no host'}")
        if self._policy == "loopback" and headers.get("sec-fetch-site") == "cross-site":
            raise HTTPException(403, "without a key, a page of another site may not call this service")
        return Caller(address, EVERYTHING)

    async def _still(self, known: _Known, secret: str) -> Caller:
        """The caller that is known, looked up again; as a reader for a while where that cannot be done."""
        try:
            return await self._looked_up(secret, self._known)
        except DatabaseError:
            if self._clock() > known.until + READ_ON_S:
                raise
            return Believed(known.caller.name, known.caller.scopes, known.caller.key_id)

    async def _looked_up(self, secret: str, places: CapacityLimiter) -> Caller:
        key = await self._in_time(places, find_key, self._database, secret)
        self._trusted.pop(digest_of(secret), None)
        if key is None:
            raise unauthorized("the key that was sent is unknown or revoked")
        if len(self._trusted) >= _MAX_TRUSTED:
            del self._trusted[next(iter(self._trusted))]  # the one looked up longest ago
        caller = caller_with(key)
        _tell(caller)
        self._trusted[digest_of(secret)] = _Known(caller, self._clock() + TRUST_S)
        return caller

    async def _in_time(self, places: CapacityLimiter, ask: Callable[..., T], *given: object) -> T:
        """What the database answers, if it does in time; one that does not is left alone for a while.

        To wait for one of the ``places`` is not to wait for the database.
        """
        async with places:
            if self._clock() < self._silent_until:
                raise DatabaseError("the database gave no answer a moment ago")
            try:
                with fail_after(_ANSWER_S):
                    free = CapacityLimiter(1)
                    return await to_thread.run_sync(ask, *given, limiter=free, abandon_on_cancel=True)
            except TimeoutError as error:
                self._silent_until = self._clock() + _SILENT_S
                raise DatabaseError(f"the database gave no answer in {_ANSWER_S:g} s") from error

    def _take(self, name: str) -> None:
        wait = self.limit.take(name)
        if wait > 0:
            seconds = math.ceil(wait)
            message = f"more than {self.limit.per_minute:,} requests a minute: try again in {seconds} s"
            raise HTTPException(429, message, {"Retry-After": str(seconds)})


def _tell(caller: Caller) -> None:
    """Say in the log whose key it is, before anything is refused: who meets a limit is to be seen there."""
    if current := exchange():
        current.key_id = caller.key_id


def _bearer(header: str | None) -> str | None:
    """The key in the header; a header of another kind holds none."""
    kind, _, secret = (header or "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" and secret.strip() else None
