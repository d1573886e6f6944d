"""The dashboard in a browser: a service over a socket, a folder with hostile words, and the way to a view."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import uvicorn

from mining.journal import JOURNAL_NAME, write_journal
from mining.watch.results import Alarm
from serving.configuration import KeyPolicy
from serving.database.connection import Database
from serving.engine import Engine
from serving.watch.book import open_book
from tests.mining.journal_rows import journal, said
from tests.mining.report_world import SCRIPT
from tests.serving.browser import Page
from tests.serving.job_world import mined_folder
from tests.serving.real_server import free_port
from tests.serving.served import served

HOSTILE = f"</script>{SCRIPT}"
PEOPLE = 30


@contextmanager
def dashboard(
    database: Database, folder: Path, *, engine: Engine | None = None, policy: KeyPolicy = "loopback"
) -> Iterator[str]:
    """The address of a service over a socket, in a thread of this process."""
    with served(database, engine=engine, policy=policy, folder=folder) as client:
        port = free_port()
        server = uvicorn.Server(uvicorn.Config(client.app, port=port, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            while not server.started:
                time.sleep(0.02)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = server.force_exit = True
            thread.join(20)


def complained_folder(made: Path, people: int = PEOPLE) -> Path:
    """A mined folder whose queue has ``people``, one of them with hostile words, and a book with an alarm."""
    mined_folder(made)
    complain(made, people)
    day = date(2026, 3, 12)
    alarm = Alarm(
        cause_id="c-0001",
        since=date(2026, 3, 10),
        day=day,
        until=None,
        people=15,
        of=30,
        expected=0.42,
        years=31,
        adjusted=0.5,
        in_all=20,
    )
    with open_book(made) as book:
        book.keep([alarm], {"c-0001": HOSTILE})
    return made


def complain(folder: Path, people: int, who: str = "Anna") -> None:
    """Put a journal in place, as a mining does: ``people`` complain, and are called ``who`` with a number."""
    rows = [
        said(
            f"f-{number}",
            f"{who} {number}",
            text=HOSTILE if number == 7 else f"Too slow, {number} days",
            p=0.9,
        )
        for number in range(people)
    ]
    write_journal(folder / "state" / JOURNAL_NAME, journal(rows))


def settled(page: Page) -> None:
    page.wait("document.querySelector('main h1') && !document.querySelector('main[aria-busy]')")


def opened(page: Page, url: str, view: str) -> None:
    page.complaints.clear()
    page.open(f"{url}/dashboard#/{view}")
    settled(page)


def heading(page: Page) -> str:
    return str(page.run("document.querySelector('main h1').innerText"))
