"""Decides who may come in: keys, the limit on requests, and hosts that a browser may not be led to."""

import math
import time
from collections.abc import Callable
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException

from serving.access import Caller, caller_with, unauthorized
from serving.configuration import KeyPolicy
from serving.database.connection import Database
from serving.database.keys import digest_of, find_key
from serving.rate_limit import RateLimit

EVERYTHING: Final = frozenset({"admin"})
LOOPBACK_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
TRUST_S: Final = 5.0  # how long a key is believed without asking the database: revoking takes that long
_MAX_TRUSTED: Final = 1_000


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
        self._trusted: dict[str, tuple[Caller, float]] = {}

    async def admit(self, headers: Headers, address: str) -> Caller:
        """The caller, one token of whose limit was taken.

        Raises:
            HTTPException: 401, 403 or 429.
            DatabaseError: The key cannot be looked up.
        """
        secret = _bearer(headers.get("authorization"))
        if secret is None:
            self._take(address)
            return self._without_key(headers, address)
        known, until = self._trusted.get(digest_of(secret), (None, 0.0))
        # Guesses cost their address, and not the database; what others at its address send costs no known key.
        self._take(address if known is None else known.name)
        if known is not None and self._clock() < until:
            return known
        caller = await self._looked_up(secret)
        if known is None:
            self._take(caller.name)
        return caller

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

    async def _looked_up(self, secret: str) -> Caller:
        key = await run_in_threadpool(find_key, self._database, secret)
        self._trusted.pop(digest_of(secret), None)
        if key is None:
            raise unauthorized("the key that was sent is unknown or revoked")
        if len(self._trusted) >= _MAX_TRUSTED:
            del self._trusted[next(iter(self._trusted))]  # the one looked up longest ago
        caller = caller_with(key)
        self._trusted[digest_of(secret)] = (caller, self._clock() + TRUST_S)
        return caller

    def _take(self, name: str) -> None:
        wait = self.limit.take(name)
        if wait > 0:
            seconds = math.ceil(wait)
            message = f"more than {self.limit.per_minute:,} requests a minute: try again in {seconds} s"
            raise HTTPException(429, message, {"Retry-After": str(seconds)})


def _bearer(header: str | None) -> str | None:
    """The key in the header; a header of another kind holds none."""
    kind, _, secret = (header or "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" and secret.strip() else None
