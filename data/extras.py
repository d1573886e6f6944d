"""Packages that only some of the work needs: what to say where one is not installed."""

from importlib.util import find_spec

from data.errors import SettingsError


def installed(package: str) -> bool:
    """Whether ``package`` can be imported; it is not imported."""
    return find_spec(package) is not None


def require(package: str, *, extra: str, purpose: str) -> None:
    """See that ``package`` is there, before the work that needs it begins.

    Raises:
        SettingsError: It is not; the message names the extra that brings it.
    """
    if not installed(package):
        raise SettingsError(
            f"{purpose} needs {package}, which is not installed: in the folder of Countervoice, "
            f"python -m pip install -c constraints.txt -e '.[{extra}]'"
        )
