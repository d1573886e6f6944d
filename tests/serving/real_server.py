"""A server over a socket: a free port, calls, and the wait until it is ready."""

import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from typing import Any

import psutil


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ports_of(process: "subprocess.Popen[bytes]") -> set[int]:
    """Those on which a process or one that it started listens."""
    ours = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    pids = {each.pid for each in ours}
    listening = [each for each in psutil.net_connections("inet") if each.status == psutil.CONN_LISTEN]
    return {each.laddr.port for each in listening if each.pid in pids}


def call(url: str, texts: list[str] | None = None, timeout: float = 60, sent: Any = None) -> Any:
    """GET, or POST where there are texts or something is sent; JSON where the answer is JSON."""
    sent = {"texts": texts} if texts is not None else sent
    body = None if sent is None else json.dumps(sent).encode()
    request = urllib.request.Request(url, data=body, headers={"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        content = answer.read().decode()
        return json.loads(content) if "json" in answer.headers.get("content-type", "") else content


def wait_until_ready(process: "subprocess.Popen[bytes]", url: str) -> None:
    """Come back as soon as ``/readyz`` answers, or fail."""
    deadline = time.monotonic() + 200
    while time.monotonic() < deadline and process.poll() is None:
        try:
            call(f"{url}/readyz", timeout=5)
            return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.5)
    raise AssertionError(f"the server did not get ready, exit code {process.poll()}")
