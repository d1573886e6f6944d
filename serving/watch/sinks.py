"""Where alarms go: to a file, one line each, and to a webhook."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import Any, Protocol

from data.errors import CountervoiceError, WriteError
from data.writing import reason_of
from serving.watch.book import KeptAlarm
from serving.watch.messages import alarm_dict


class SinkError(CountervoiceError):
    """An alarm could not be handed over; it is due again at the next watch."""


class RefusedError(SinkError):
    """The receiver is there and does not take this alarm; it may take others."""


class Sink(Protocol):
    """Takes alarms.

    Attributes:
        name: What the book knows it by.
    """

    name: str

    def send(self, alarm: KeptAlarm) -> None:
        """Hand over one alarm.

        Raises:
            CountervoiceError: It did not arrive.
        """


class Screen:
    """The terminal of the command, which prints all alarms that were new to any sink: nothing is left to do."""

    name = "screen"

    def send(self, alarm: KeptAlarm) -> None:
        """Do nothing."""


class FileSink:
    """A file of JSON lines that grows."""

    def __init__(self, path: Path) -> None:
        self.name = f"file {path.absolute()}"
        self._path = path

    def send(self, alarm: KeptAlarm) -> None:
        """Append one line, and see it on the disk, or leave the file as it was.

        Raises:
            WriteError: The file cannot be written.
        """
        line = json.dumps(_stamped(alarm), ensure_ascii=False) + "\n"
        try:
            with self._path.open("a+b", buffering=0) as file:
                _append(file, line.encode("utf-8", "backslashreplace"))
        except OSError as error:
            raise WriteError(f"cannot write {self._path}: {reason_of(error)}") from None


def _append(file: FileIO, line: bytes) -> None:
    size = file.seek(0, os.SEEK_END)
    try:
        rest = line if _ends_a_line(file, size) else b"\n" + line
        while rest:  # a disk that fills up takes a part of it
            rest = rest[file.write(rest) :]
        os.fsync(file.fileno())
    except OSError:
        with suppress(OSError):  # the next line begins a new one in any case
            file.truncate(size)
        raise


def _ends_a_line(file: FileIO, size: int) -> bool:
    """Whether nothing is glued to what a process that was killed left."""
    if size == 0:
        return True
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


def _stamped(alarm: KeptAlarm) -> Mapping[str, Any]:
    return {"sent_at": datetime.now(UTC).isoformat(timespec="seconds"), **alarm_dict(alarm)}
