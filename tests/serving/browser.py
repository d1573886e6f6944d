"""A real browser: headless Chromium over its debugging pipe, with nothing in between; tests without one are skipped."""

import base64
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
]
WITHIN_S = 20
_KEYS = {"Enter": 13, "Tab": 9, "Escape": 27, " ": 32}


class Page:
    """One tab. ``complaints`` holds what the page threw, and what its policy refused."""

    def __init__(self, sending: Any, receiving: Any) -> None:
        self._sending, self._receiving, self._number, self._session = sending, receiving, 0, ""
        self.complaints: list[str] = []
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self._ask(f"{domain}.enable")
        self.size(1200)

    def open(self, url: str) -> None:
        """Go there; a new load even where only the part behind # differs."""
        self._ask("Page.navigate", url="about:blank")
        self._ask("Page.navigate", url=url)
        self.wait("document.readyState === 'complete'")

    def reload(self) -> None:
        """Load the page again; what was there before is gone when this returns."""
        self.run("window.isLeft = true")
        self._ask("Page.reload")
        self.wait("window.isLeft === undefined && document.readyState === 'complete'")

    def run(self, script: str) -> Any:
        """The value of an expression, awaited where it is a promise."""
        answer = self._ask(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def wait(self, script: str) -> None:
        """Until an expression is true."""
        deadline = time.monotonic() + WITHIN_S
        while not self.run(f"!!({script})"):
            assert time.monotonic() < deadline, f"never true: {script}\n{self.text()}\n{self.complaints}"
            time.sleep(0.03)

    def text(self) -> str:
        """What is to be read on the page."""
        return str(self.run("document.body.innerText"))

    def sees(self, words: str) -> None:
        """Wait until these words can be read."""
        self.wait(f"document.body?.innerText.includes({json.dumps(words)})")

    def click(self, words: str, within: str = "body") -> None:
        """Click the link, button or summary that reads ``words``, as soon as it is there."""
        found = (
            f"[...document.querySelectorAll({json.dumps(within)} + ' :is(a, button, summary)')]"
            f".find((each) => each.innerText.trim() === {json.dumps(words)})"
        )
        self.wait(f"{found} !== undefined")
        self.run(f"{found}.click()")

    def fill(self, name: str, value: str) -> None:
        """Put ``value`` into the field that is labelled ``name``."""
        label = f"[...document.querySelectorAll('label')].find((each) => each.innerText.startsWith({json.dumps(name)}))"
        self.wait(f"{label} !== undefined")
        self.run(
            f"(() => {{ const field = {label}.control; field.value = {json.dumps(value)}; "
            "field.dispatchEvent(new Event('input', { bubbles: true })); })()"
        )

    def press(self, key: str) -> None:
        """Press a key of the keyboard."""
        code = {"key": key, "windowsVirtualKeyCode": _KEYS[key], "code": key}
        text = {"text": "\r"} if key == "Enter" else {}
        self._ask("Input.dispatchKeyEvent", type="keyDown", **code, **text)
        self._ask("Input.dispatchKeyEvent", type="keyUp", **code)

    def size(self, width: int, height: int = 900, *, dark: bool = False) -> None:
        """The size of the window in pixels, and whether its user likes it dark."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self._ask("Emulation.setDeviceMetricsOverride", **metrics)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._ask("Emulation.setEmulatedMedia", features=[scheme])

    def picture(self, path: Path) -> None:
        """A screenshot of the window as PNG."""
        path.write_bytes(base64.b64decode(self._ask("Page.captureScreenshot", format="png")["data"]))

    def _ask(self, method: str, **params: Any) -> Any:
        self._number += 1
        asked = {"id": self._number, "method": method, "params": params}
        if self._session:
            asked["sessionId"] = self._session
        self._sending.write(json.dumps(asked).encode() + b"\0")
        self._sending.flush()
        while True:
            told = self._told()
            if told.get("id") == self._number:
                assert "error" not in told, told
                return told["result"]
            self._note(told)

    def _told(self) -> Any:
        told = bytearray()
        while (byte := self._receiving.read(1)) != b"\0":
            assert byte, "the browser has ended"
            told += byte
        return json.loads(told)

    def _note(self, told: Any) -> None:
        params = told.get("params", {})
        if told.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(params["exceptionDetails"]))
        elif told.get("method") == "Log.entryAdded" and params["entry"]["source"] in (
            "security",
            "violation",
        ):
            self.complaints.append(params["entry"]["text"])
        elif told.get("method") == "Page.javascriptDialogOpening":
            self.complaints.append(f"a dialog: {params['message']}")


@contextmanager
def browser(folder: Path) -> Iterator[Page]:
    """A new browser, all of whose memory lies in ``folder``."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium")
    to_browser, sending = os.pipe()
    receiving, from_browser = os.pipe()
    pipes = f'exec "$0" "$@" 3<&{to_browser} 4>&{from_browser}'
    command = ["bash", "-c", pipes, CHROMIUM, *_QUIET, f"--user-data-dir={folder}"]
    process = subprocess.Popen(
        command, pass_fds=(to_browser, from_browser), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    os.close(to_browser)
    os.close(from_browser)
    try:
        with os.fdopen(sending, "wb") as out, os.fdopen(receiving, "rb") as back:
            yield Page(out, back)
    finally:
        process.terminate()
        process.wait(20)
