"""Alarms to a webhook, signed as Standard Webhooks (https://www.standardwebhooks.com) has it."""

import base64
import binascii
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Final
from urllib.parse import urlsplit

from data.errors import SettingsError
from serving.version import version
from serving.watch.book import KeptAlarm
from serving.watch.deadline import TimedHTTPHandler, TimedHTTPSHandler
from serving.watch.messages import alarm_dict, alarm_line
from serving.watch.sinks import RefusedError, SinkError

TIMEOUT_S: Final = 10.0
SECRET_VARIABLE: Final = "COUNTERVOICE_WEBHOOK_SECRET"  # noqa: S105 - the name of a variable
_PREFIX: Final = "whsec_"
_SCHEMES: Final = ("http", "https")
_LATER: Final = (408, 429)  # of the 4xx, those that speak of the moment and not of what was sent


class Webhook:
    """POSTs each alarm to an address; follows no redirect, and takes ten seconds at most for each alarm."""

    def __init__(self, url: str, secret: str | None = None, *, timeout: float = TIMEOUT_S) -> None:
        """Of an http or https ``url``; ``secret`` signs, as it is or, after "whsec_", in base64.

        Raises:
            SettingsError: The address or the secret is none.
        """
        self._host = _checked_host(url)
        self._url, self._timeout = url, timeout
        self._key = _key(secret) if secret else None
        # The address may hold a token: the book keeps its digest.
        self.name = f"webhook {hashlib.sha256(url.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"

    def send(self, alarm: KeptAlarm) -> None:
        """POST the alarm.

        Raises:
            RefusedError: The receiver does not want this alarm, whatever it takes of others.
            SinkError: The answer was not 2xx, or there was none in time.
        """
        body = json.dumps(_message(alarm)).encode("ascii")
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked
            self._url, data=body, headers=self._headers(alarm.id, body), method="POST"
        )
        try:
            with _opener().open(request, timeout=self._timeout):
                return
        except urllib.error.HTTPError as error:
            error.close()
            kind = RefusedError if _is_refusal(error.code) else SinkError
            raise kind(self._told(f"answered {error.code} to {alarm.id}")) from None
        except (OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "reason", error)
            told = "no answer in time" if isinstance(reason, TimeoutError) else str(reason)
            raise SinkError(self._told(told)) from None

    def _told(self, why: str) -> str:
        return f"webhook {self._host}: {why}; the alarm is due again at the next watch"

    def _headers(self, name: str, body: bytes) -> dict[str, str]:
        moment = str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"countervoice/{version()}",
            "webhook-id": name,
            "webhook-timestamp": moment,
        }
        if self._key:
            signed = b".".join((name.encode(), moment.encode(), body))
            digest = hmac.new(self._key, signed, hashlib.sha256).digest()
            headers["webhook-signature"] = f"v1,{base64.b64encode(digest).decode()}"
        return headers


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        """A redirect is an answer that is not 2xx: whoever can answer must not choose where alarms go."""


def _is_refusal(status: int) -> bool:
    return 400 <= status < 500 and status not in _LATER


def _opener() -> urllib.request.OpenerDirector:
    """HTTP and HTTPS only; ``build_opener`` would read files, too."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        TimedHTTPHandler(),
        TimedHTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _NoRedirect(),
    ):
        opener.add_handler(handler)
    return opener


def _checked_host(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if (
        parts.scheme not in _SCHEMES
        or not host
        or parts.username
        or not url.isascii()
        or not url.isprintable()
    ):
        raise SettingsError(
            "--webhook is not an address such as https://example.com/hook: http or https, ASCII, no user name in it"
        )
    return f"{host}:{port}" if port else host


def _key(secret: str) -> bytes:
    if not secret.startswith(_PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        raise SettingsError(f"{SECRET_VARIABLE} begins with {_PREFIX} but goes on with no base64") from None


def _message(alarm: KeptAlarm) -> dict[str, object]:
    told = alarm_dict(alarm)
    return {"type": "alarm", "timestamp": told["day"], "data": told, "text": _plain(alarm_line(alarm))}


def _plain(text: str) -> str:
    """The sentence for a chat: labels are made of what strangers wrote, and chats read <...> as commands."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
