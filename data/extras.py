"""Packages that only some of the work needs: what to say where one is not installed."""

import tomllib
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from data.errors import SettingsError

_ROOT: Final = Path(__file__).resolve().parent.parent
_NAME: Final = "countervoice"


def installed(package: str) -> bool:
    """Whether ``package`` can be imported; it is not imported."""
    return find_spec(package) is not None


def require(package: str, *, extra: str, purpose: str) -> None:
    """See that ``package`` is there, before the work that needs it begins.

    Raises:
        SettingsError: It is not; the message says how to install the extra that brings it.
    """
    if not installed(package):
        raise SettingsError(f"{purpose} needs {package}, which is not installed: {_how(extra, _ROOT)}")


def _how(extra: str, root: Path) -> str:
    """The call of pip for an extra: Countervoice is on no index, so that only a checkout can name it."""
    if (root / "constraints.txt").exists():
        return f"in the folder of Countervoice, python -m pip install -c constraints.txt -e '.[{extra}]'"
    names = " ".join(f"'{each}'" for each in _packages(extra, root / "pyproject.toml"))
    return f"in the environment of Countervoice, python -m pip install {names}"


def _packages(extra: str, project: Path) -> list[str]:
    """What the extra asks for: a Bento has the project file, an installed wheel what was built from it."""
    if not project.exists():
        marked = (each.partition(";") for each in metadata.requires(_NAME) or ())
        return [name.strip() for name, _, marker in marked if marker.strip() in _markers(extra)]
    with project.open("rb") as file:
        extras: dict[str, list[str]] = tomllib.load(file)["project"]["optional-dependencies"]
    return _expanded(extra, extras)


def _markers(extra: str) -> tuple[str, str]:
    return f"extra == '{extra}'", f'extra == "{extra}"'


def _expanded(extra: str, extras: dict[str, list[str]]) -> list[str]:
    """The packages of an extra, and of the extras of ours that it names."""
    inner = {f"{_NAME}[{name}]": name for name in extras}
    return [
        package
        for each in extras[extra]
        for package in (_expanded(inner[each], extras) if each in inner else [each])
    ]
