"""PostgreSQL whose waits end: for a connection, for a lock, and for a server or a network that is gone."""

from typing import Final

from sqlalchemy import URL, Engine, create_engine

_CONNECT_S: Final = 5
_FREE_S: Final = 10  # for a connection that others have
_LOCK_S: Final = 10
_IDLE_S: Final = 300  # within a transaction: an erasure, or the end of a mining, works on files meanwhile
_SILENT_S: Final = 30  # of a server or a network that is gone


def postgresql_engine(url: URL) -> Engine:
    """An engine whose connections give up in time; what ``url`` says itself of these settings goes before."""
    ours = {
        "connect_timeout": _CONNECT_S,
        "client_encoding": "utf8",  # whatever the machine or the database would choose
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 4,
        "tcp_user_timeout": 1_000 * _SILENT_S,
    }
    settings = {name: value for name, value in ours.items() if name not in url.query}
    options = " ".join([_options(), *_given_options(url)])
    return create_engine(
        url,
        connect_args={**settings, "options": options},
        hide_parameters=True,  # they are customers' words
        pool_pre_ping=True,
        pool_timeout=_FREE_S,
    )


def _options() -> str:
    limits = {"lock_timeout": _LOCK_S, "idle_in_transaction_session_timeout": _IDLE_S}
    return " ".join(f"-c {name}={seconds}s" for name, seconds in limits.items())


def _given_options(url: URL) -> tuple[str, ...]:
    """Those in the URL, which come last and so win."""
    given = url.query.get("options", ())
    return (given,) if isinstance(given, str) else given
