"""Closes the ports on which BentoML is told what to run: any user of the machine could have it run a command."""

from typing import Any


def close_control() -> None:
    """Let the process that starts the workers be told nothing, nor heard, from outside of itself.

    Circus, which starts them for BentoML, asks nobody on 127.0.0.1 for anything. Nobody but the one that watches files
    for ``bentoml serve --reload`` needs it there (docs/decisions/0070).
    """
    from circus.arbiter import Arbiter  # not at the top: the workers load the service, too

    make = Arbiter.__init__

    def closed(self: Any, *given: Any, **options: Any) -> None:
        if not options.get("plugins"):
            options |= {"endpoint": "inproc://control", "pubsub_endpoint": "inproc://events"}
        make(self, *given, **options)

    Arbiter.__init__ = closed
