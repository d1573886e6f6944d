"""A PostgreSQL of our own on a free port: made, started and stopped by the tests."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

USER = "postgres"  # as root we become the user of Debian's package: PostgreSQL refuses to run as root


def binaries() -> Path | None:
    """The folder of ``initdb`` and ``postgres``: on the path, or where Debian puts its newest version."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(folders, key=lambda folder: int(folder.parent.name), default=None)


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of an empty database, without the name of the database."""
    folder = binaries()
    if folder is None:
        pytest.skip("no PostgreSQL binaries here: install the package postgresql")
    base = Path(tempfile.mkdtemp(prefix="countervoice-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(base, USER, USER)
        yield from _run(folder, base)
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _run(folder: Path, base: Path) -> Iterator[str]:
    cluster = base / "data"
    trust = ["--auth=trust", f"--username={USER}", "--encoding=UTF8", "--locale=C", "--no-sync"]
    subprocess.run(
        [folder / "initdb", "-D", cluster, *trust], check=True, capture_output=True, cwd=base, **_identity()
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["-k", base, "-h", "127.0.0.1", "-p", str(port), "-c", "fsync=off"]
    with (base / "log").open("wb") as log:
        process = subprocess.Popen(
            [folder / "postgres", "-D", cluster, *options], stdout=log, stderr=log, cwd=base, **_identity()
        )
    try:
        _wait(folder, port, process)
        yield f"postgresql+psycopg://{USER}@127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def _wait(folder: Path, port: int, process: subprocess.Popen[bytes]) -> None:
    ready = [folder / "pg_isready", "-h", "127.0.0.1", "-p", str(port), "-t", "60"]
    while process.poll() is None:
        if subprocess.run(ready, capture_output=True).returncode == 0:
            return
    raise AssertionError(f"PostgreSQL did not start, exit code {process.returncode}")


def _identity() -> dict[str, str | list[str]]:
    return {"user": USER, "group": USER, "extra_groups": []} if os.geteuid() == 0 else {}
