"""Progress on stderr: bars for people at a terminal, one plain line a stage for logs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)


class Stages(Protocol):
    """Starts a named stage and gives back the function that is told of units newly done."""

    def __call__(self, name: str, total: int | None = None) -> Callable[[int], None]:
        """Start the stage ``name`` of ``total`` units (None: unknown)."""
        ...


def silent(name: str, total: int | None = None) -> Callable[[int], None]:
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
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        bars = _Bars(progress)
        yield bars
        bars.finish()


class _Bars:
    """One bar a stage."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def __call__(self, name: str, total: int | None = None) -> Callable[[int], None]:
        self.finish()
        task = self._progress.add_task(name, total=total)
        return lambda newly_done: self._progress.update(task, advance=newly_done)

    def finish(self) -> None:
        """Fill the running bar: a stage without a known total shows as done, too."""
        for task in self._progress.tasks:
            if not task.finished:
                self._progress.update(task.id, total=task.completed or 1, completed=task.completed or 1)


def _lines(console: Console) -> Stages:
    def stages(name: str, total: int | None = None) -> Callable[[int], None]:
        console.print(f"{name} ({total:,})" if total else name, markup=False, highlight=False)
        return silent(name)

    return stages
