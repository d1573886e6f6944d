"""Clients that ask again as soon as they are answered, in a process of their own: ``python -m benchmarks.load``.

Reads a JSON list of texts, sends one a request, and prints one JSON object of what came back.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np

WARM_UP_S = 1.5


async def load(url: str, texts: list[str], clients: int, seconds: float) -> dict[str, Any]:
    """Latencies in ms, and how often each status came, of the time after the warm-up."""
    bodies = [json.dumps({"texts": [text]}).encode() for text in texts]
    numbers, latencies, statuses = count(), list[float](), Counter[str]()
    start = time.perf_counter() + WARM_UP_S
    end = start + seconds
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), headers={"content-type": "application/json"}
    ) as session:

        async def client() -> None:
            while (asked := time.perf_counter()) < end:
                status = await answered(session, url, bodies[next(numbers) % len(bodies)])
                if asked >= start:
                    latencies.append(1000 * (time.perf_counter() - asked))
                    statuses[status] += 1

        await asyncio.gather(*(client() for _ in range(clients)))
        took = time.perf_counter() - start
    p50, p99 = np.percentile(latencies, [50, 99])
    return {
        "requests": len(latencies),
        "sent": next(numbers),
        "rate": len(latencies) / took,
        "p50": float(p50),
        "p99": float(p99),
        "errors": sum(number for status, number in statuses.items() if status != "200"),
        "statuses": statuses,
    }


async def answered(session: aiohttp.ClientSession, url: str, body: bytes) -> str:
    """The status of an answer that was read whole, or the name of what broke it."""
    try:
        async with session.post(url, data=body) as answer:
            await answer.read()
            return str(answer.status)
    except (TimeoutError, aiohttp.ClientError) as error:
        return type(error).__name__


if __name__ == "__main__":
    url, path, clients, seconds = sys.argv[1:]
    given = json.loads(Path(path).read_text(encoding="utf-8"))
    print(json.dumps(asyncio.run(load(url, given, int(clients), float(seconds)))))
