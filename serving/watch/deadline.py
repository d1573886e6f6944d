"""HTTP within a time for the whole exchange: the library's own timeout is for each wait, and a slow answer has many."""

import http.client
import io
import socket
import time
import urllib.request
from collections.abc import Callable
from functools import partial
from typing import Any, Final

_MOMENT: Final = 0.001


class TimedHTTPHandler(urllib.request.HTTPHandler):
    """Takes the timeout of a request for all of it; the look-up of the name has the limits of the system."""

    def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        """Send the request."""
        return self.do_open(_Timed, request)  # type: ignore[arg-type]  # it is always called with a timeout


class TimedHTTPSHandler(urllib.request.HTTPSHandler):
    """The same over TLS."""

    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        """Send the request."""
        return self.do_open(_TimedTLS, request)  # type: ignore[arg-type]


class _Timed(http.client.HTTPConnection):
    """Gives each wait what the ones before left: to connect, for TLS, to send, and for each piece of an answer."""

    def __init__(self, host: str, *, timeout: float, **options: Any) -> None:
        super().__init__(host, timeout=timeout, **options)
        self._ends = time.monotonic() + timeout
        self._create_connection = self._dial  # the library's would wait as long for each address of the name
        self.response_class = partial(_TimedAnswer, left=self._left)  # type: ignore[assignment]

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        self.sock.settimeout(self._left())
        super().send(data)

    def _dial(self, address: tuple[str, int], *_: Any) -> socket.socket:
        problem = OSError("the name has no address")
        for *_kind, place in socket.getaddrinfo(*address, type=socket.SOCK_STREAM):
            try:
                sock = socket.create_connection((str(place[0]), int(place[1])), self._left())
            except OSError as error:
                problem = error
            else:
                sock.settimeout(max(_MOMENT, self._ends - time.monotonic()))  # for TLS
                return sock
        raise problem

    def _left(self) -> float:
        """Seconds.

        Raises:
            TimeoutError: There are none.
        """
        seconds = self._ends - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds


class _TimedTLS(_Timed, http.client.HTTPSConnection):
    """The same over TLS."""


class _TimedAnswer(http.client.HTTPResponse):
    def __init__(
        self, sock: socket.socket, *arguments: Any, left: Callable[[], float], **options: Any
    ) -> None:
        super().__init__(sock, *arguments, **options)
        self.fp = io.BufferedReader(_TimedPieces(sock, self.fp.detach(), left))


class _TimedPieces(io.RawIOBase):
    """What a socket receives, each piece within what is ``left``."""

    def __init__(self, sock: socket.socket, pieces: io.RawIOBase, left: Callable[[], float]) -> None:
        self._sock, self._pieces, self._left = sock, pieces, left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        try:
            self._sock.settimeout(self._left())
            return self._pieces.readinto(buffer)
        except OSError:
            self._pieces.close()  # nobody else closes the answer of a proxy, and it keeps the socket open
            raise

    def close(self) -> None:
        self._pieces.close()
        super().close()
