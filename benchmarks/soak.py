"""Mixed and hostile traffic on a served process for minutes: statuses, and its memory by the minute.

    python -m benchmarks.soak --state out --minutes 30

Clients classify, read, keep and erase messages, and send what is broken (``benchmarks.hostile``); every two minutes one
asks for a mining of what is kept. Memory is the USS of the processes that the service began with, so not of its jobs,
which come and go. Ends with 1 where anything was answered with 500 or not at all, or where the mean memory of the last
third of the minutes is more than 5 % above that of the middle third. Works on a copy of the folder ``--state``. Needs
Linux and the extra ``bench``.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import aiohttp
import psutil
from yarl import URL

from benchmarks.hostile import Asking, Traffic
from benchmarks.serving import messages, running, services

GROWTH = 1.05
MINE_EVERY_S = 120
BETWEEN_S = 0.02
Statuses = Counter[tuple[str, str]]


def main() -> None:
    """Run, print, and exit with the outcome."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--state", type=Path, required=True, help="Folder of a mining, such as of `demo`.")
    parser.add_argument("--minutes", type=int, default=30)
    parser.add_argument("--clients", type=int, default=4)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "state"
        shutil.copytree(given.state, state)
        (ours, *_) = services(state)
        with running(ours) as (process, url):
            memory, statuses = asyncio.run(soak(url, process, given.minutes, given.clients))
    print_statuses(statuses)
    sys.exit(1 if faults(statuses) + growth(memory) else 0)


async def soak(url: str, process: psutil.Process, minutes: int, clients: int) -> tuple[list[float], Statuses]:
    """MiB after each minute, and how often each kind of request had each status."""
    end = time.monotonic() + 60 * minutes
    texts, statuses = messages(), Statuses()
    watched = [process, *process.children(recursive=True)]
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(120)) as session:

        async def client(seed: int) -> None:
            traffic = Traffic(texts, seed)
            while time.monotonic() < end:
                asked = traffic.next()
                statuses[asked.kind, await status_of(session, url, asked)] += 1
                await asyncio.sleep(BETWEEN_S)

        async def miner() -> None:
            while time.monotonic() < end - MINE_EVERY_S:
                await asyncio.sleep(MINE_EVERY_S)
                asked = Asking("mine", "POST", "/v1/jobs/mine", b'{"replace": true}')
                statuses[asked.kind, await status_of(session, url, asked)] += 1

        work = asyncio.gather(miner(), *(client(seed) for seed in range(clients)))
        memory = await measured(watched, minutes, statuses)
        await work
    return memory, statuses


async def status_of(session: aiohttp.ClientSession, url: str, asked: Asking) -> str:
    """The status of an answer that was read whole, or the name of what broke it; a fault is printed."""
    address = URL(url + asked.path, encoded=True)
    headers = {"content-type": asked.content_type} if asked.body else {}
    try:
        async with session.request(asked.method, address, data=asked.body, headers=headers) as answer:
            body = await answer.read()
            if answer.status == 500:
                print("500:", asked.method, asked.path, asked.body[:200], body[:200], flush=True)
            return str(answer.status)
    except (TimeoutError, aiohttp.ClientError) as error:
        print(f"{type(error).__name__}: {asked.method} {asked.path} {asked.body[:200]!r}", flush=True)
        return type(error).__name__


async def measured(watched: Sequence[psutil.Process], minutes: int, statuses: Statuses) -> list[float]:
    """MiB after each minute, printed as they come."""
    memory: list[float] = []
    for minute in range(1, minutes + 1):
        await asyncio.sleep(60)
        memory.append(sum(each.memory_full_info().uss for each in watched) / 2**20)
        print(f"minute {minute}: {memory[-1]:.0f} MiB, {statuses.total():,} requests", flush=True)
    return memory


def print_statuses(statuses: Statuses) -> None:
    """A row for each kind of request and status."""
    print("| request | status | times |\n|---|---|---|")
    for (kind, status), times in sorted(statuses.items()):
        print(f"| {kind} | {status} | {times:,} |")


def faults(statuses: Statuses) -> list[str]:
    """Statuses that are faults of the service: 500, and no answer."""
    return [status for _, status in statuses if status == "500" or not status.isdecimal()]


def growth(memory: Sequence[float]) -> list[str]:
    """What to say where the last third is too far above the middle one; too few minutes say nothing."""
    third = len(memory) // 3
    if not third:
        return []
    middle, last = memory[third : 2 * third], memory[2 * third :]
    ratio = (sum(last) / len(last)) / (sum(middle) / len(middle))
    print(f"memory of the last third over the middle third: {ratio:.3f}")
    return [f"memory grew by {ratio - 1:.1%}"] if ratio > GROWTH else []


if __name__ == "__main__":
    main()
