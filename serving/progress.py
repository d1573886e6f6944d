"""Progress on stderr: bars for people at a terminal, one plain line a stage, and one a minute, for logs."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final, Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

_LOG_EVERY: Final = 60.0  # seconds


class Stages(Protocol):
    """Starts a named stage and gives back the function that is told of units newly done."""

    def __call__(self, name: str, total: int | None = None, *, done: int = 0) -> Callable[[int], None]:
        """Start the stage ``name`` of ``total`` units (None: unknown), ``done`` of them before it began."""
        ...


def silent(name: str, total: int | None = None, *, done: int = 0) -> Callable[[int], None]:
    """Stages for programs: says nothing."""
    return lambda newly_done: None


@contextmanager
def shown_on(console: Console) -> Iterator[Stages]:
    """Show stages on ``console`` while the block runs; a stage ends when the next one starts."""
    if not console.is_terminal:
        yield _lines(console)
        return
    columns = (
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TaskProgressColumn(show_speed=False),
        _Rate(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:
        bars = _Bars(progress)
        yield bars
        bars.finish()


class _Rate(ProgressColumn):
    """Units a second, of what was done since the stage began."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f}/s" if speed and task.total else "", style="progress.data.speed")


class _Bars:
    """One bar a stage."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def __call__(self, name: str, total: int | None = None, *, done: int = 0) -> Callable[[int], None]:
        self.finish()
        task = self._progress.add_task(name, total=total, completed=done)
        return lambda newly_done: self._progress.update(task, advance=newly_done)

    def finish(self) -> None:
        """Fill the running bar: a stage without a known total shows as done, too."""
        for task in self._progress.tasks:
            if not task.finished:
                self._progress.update(task.id, total=task.completed or 1, completed=task.completed or 1)


def _lines(console: Console) -> Stages:
    def stages(name: str, total: int | None = None, *, done: int = 0) -> Callable[[int], None]:
        _print(console, f"{name} ({total:,})" if total else name)
        return silent(name) if total is None else _Log(console, name, total, done)

    return stages


class _Log:
    """A line a minute on how far a stage is, for those who read a log."""

    def __init__(self, console: Console, name: str, total: int, done: int) -> None:
        self._console = console
        self._name = name
        self._total = total
        self._before = self._done = done
        self._began = self._told = time.monotonic()

    def __call__(self, newly_done: int) -> None:
        self._done += newly_done
        now = time.monotonic()
        if now - self._told >= _LOG_EVERY:
            self._told = now
            _print(self._console, f"{self._name}: {self._how_far(now - self._began)}")

    def _how_far(self, seconds: float) -> str:
        rate = (self._done - self._before) / seconds
        left = timedelta(seconds=round((self._total - self._done) / rate)) if rate else "unknown"
        return f"{self._done:,} of {self._total:,}, {rate:,.0f} a second, time left {left}"


def _print(console: Console, line: str) -> None:
    console.print(line, markup=False, highlight=False)
