"""Requests that a careless or hostile client sends, drawn at random from a seed: texts, and whole bodies."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

JSON: Final = "application/json"
TEXTS: Final[Sequence[str]] = (
    "NUL \x00 in the middle, and at the end \x00",
    "\u202eright to left override\u202c and \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "\U0001f600" * 5_000,
    "z\u200dw\u200dj" * 300 + "\ufeff\u2060",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466" * 200,
    "<script>alert('too few examples')</script><img src=x onerror=alert(1)>",
    "'; DROP TABLE feedback; -- too many \" OR 1=1",
    '=HYPERLINK("http://example.org", "too slow")',
    "a" * 20_000,
    "tooslow" * 2_000,
    "Z" + "\u0301\u0316\u0334" * 2_000,
    "too few examples. " * 1_000,
    "\r\n\t\v\f too \u2028 slow \u2029 . \u0085",
    "{{7*7}} ${jndi:ldap://example.org/a} %s%n../../../etc/passwd",
    "\u0e15\u0e31\u0e27\u0e2d\u0e22\u0e48\u0e32\u0e07" * 1_500,
    "\ufdfa\ufdfb" * 500 + "\uffff\U0010ffff",
    "1" * 5_000 + "." + "9" * 5_000,
    ".",
    "\u200b",
)
BROKEN: Final[Sequence[bytes]] = (
    b"",
    b"{",
    b"null",
    b"[]",
    b"\xff\xfe{}",
    b'{"texts": ["\\ud800"]}',
    b'{"texts": ["\\udc00 lone"], "contexts": ["\\ud83d"]}',
    b'{"id": "f", "text": "\\ud800"}',
    b'{"author": "\\ud800"}',
    b'{"texts": ' + b"[" * 50_000,
    b'{"texts": "one"}',
    b'{"texts": [1, null, {}, []]}',
    b'{"texts": ["a"], "contexts": [1]}',
    b'{"texts": ["a"], "contexts": []}',
    b'{"texts": ["a"], "texts": ["b", ""]}',
    b'{"id": 1e400, "text": NaN}',
    b'{"id": "a", "text": "x", "rating": "Infinity"}',
    b'{"id": "a", "text": "x", "created_at": "9999-99-99T99:99:99Z"}',
    b'{"id": "a", "text": "x", "segments": {"\\u0000": "\\u0000"}}',
    b'{"granularity": 1e309}',
    b'{"format": "exe"}',
)
PATHS: Final = (
    *("/v1/causes/%00", "/v1/causes/..%2f..%2fetc", "/v1/causes/%ed%a0%80", "/v1/feedback/%27%3b--"),
    *(
        "/v1/oppositions?kind=%00",
        "/v1/jobs/%f0%9f%98%80",
        "/v1/jobs/1/result",
        "/v1/audit?limit=1e9",
        "/v1/x",
    ),
    *(
        "/v1/fixes/%00",
        "/v1/ratio?target=nan",
        "/v1/recovery?state=%00",
        "/v1/alarms?limit=-1",
        "/v1/loyalty?limit=0",
    ),
)
POSTS: Final = (
    "/v1/classify",
    "/v1/feedback",
    "/v1/erasures",
    "/v1/jobs/mine",
    "/v1/jobs/score",
    "/v1/fixes",
    "/v1/fixes/1/withdrawal",
)
KINDS: Final = {
    "classify": 60,
    "broken": 10,
    "path": 5,
    "read": 9,
    "keep": 8,
    "show": 4,
    "erase": 3,
    "author": 1,
}


@dataclass(frozen=True)
class Asking:
    """One request; ``kind`` is what it is counted as."""

    kind: str
    method: str
    path: str
    body: bytes = b""
    content_type: str = JSON


class Traffic:
    """Requests without end, the same ones for one seed; ``texts`` are ordinary messages."""

    def __init__(self, texts: Sequence[str], seed: int) -> None:
        self._texts = texts
        self._random = random.Random(seed)
        self._seed = seed
        self._kept = 0

    def next(self) -> Asking:
        """The next request."""
        (kind,) = self._random.choices([*KINDS], [*KINDS.values()])
        asked: Asking = getattr(self, f"_{kind}")()
        return asked

    def _text(self) -> str:
        return self._random.choice(TEXTS if self._random.random() < 0.08 else self._texts)

    def _classify(self) -> Asking:
        wanted: dict[str, Any] = {"texts": [self._text() for _ in range(self._random.randint(1, 4))]}
        if self._random.random() < 0.3:
            values = ("Business cases", "\x00", "", None)
            wanted["contexts"] = [self._random.choice(values) for _ in wanted["texts"]]
        return _post("classify", "/v1/classify", wanted)

    def _broken(self) -> Asking:
        kind = JSON if self._random.random() < 0.9 else "text/html; charset=\xe9"
        return Asking("broken", "POST", self._random.choice(POSTS), self._random.choice(BROKEN), kind)

    def _path(self) -> Asking:
        return Asking("path", self._random.choice(("GET", "DELETE", "PUT")), self._random.choice(PATHS))

    def _read(self) -> Asking:
        pages = ("/v1/causes", "/v1/oppositions", "/v1/info", "/v1/jobs", "/v1/causes/c-0001", "/metrics")
        return Asking("read", "GET", self._random.choice(pages))

    def _keep(self) -> Asking:
        self._kept += 1
        author = f"author {self._random.randint(0, 40)}"
        message = {"id": self._id(self._kept), "text": self._text(), "author": author, "rating": 2}
        return _post("keep", "/v1/feedback", message)

    def _show(self) -> Asking:
        return Asking("show", "GET", f"/v1/feedback/{self._any()}")

    def _erase(self) -> Asking:
        return Asking("erase", "DELETE", f"/v1/feedback/{self._any()}")

    def _author(self) -> Asking:
        return _post("author", "/v1/erasures", {"author": f"author {self._random.randint(0, 40)}"})

    def _any(self) -> str:
        return self._id(self._random.randint(0, self._kept))

    def _id(self, number: int) -> str:
        return f"s{self._seed}-{number}"


def _post(kind: str, path: str, body: Any) -> Asking:
    return Asking(kind, "POST", path, json.dumps(body).encode())
