"""Where alarms go: to a file, one line each, and to a webhook."""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from data.errors import CountervoiceError, WriteError
from data.writing import reason_of
from serving.watch.book import KeptAlarm
from serving.watch.messages import alarm_dict


class SinkError(CountervoiceError):
    """An alarm could not be handed over; it is due again at the next watch."""


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
        """Append one line, and see it on the disk.

        Raises:
            WriteError: The file cannot be written.
        """
        line = json.dumps(_stamped(alarm), ensure_ascii=False) + "\n"
        try:
            with self._path.open("ab") as file:
                file.write(line.encode("utf-8", "backslashreplace"))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise WriteError(f"cannot write {self._path}: {reason_of(error)}") from None


def _stamped(alarm: KeptAlarm) -> Mapping[str, Any]:
    return {"sent_at": datetime.now(UTC).isoformat(timespec="seconds"), **alarm_dict(alarm)}
