"""A wheel has all that the command needs, and gives site-packages none of the rooms' everyday names."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("data", "mining", "models", "serving", "training")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what pip would put into site-packages."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(pip, check=True, timeout=600)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "import countervoice; countervoice.main()", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(site)}
    return subprocess.run(
        command, cwd=site.parent, env=environment, capture_output=True, text=True, timeout=600
    )


def test_the_rooms_lie_in_a_folder_of_their_own(site: Path) -> None:
    names = {path.name for path in site.iterdir() if path.suffix != ".dist-info"}
    assert names == {"countervoice.py", "countervoice_rooms"}


def test_every_file_of_the_rooms_is_there(site: Path) -> None:
    rooms = site / "countervoice_rooms"
    here = {path.relative_to(ROOT) for room in ROOMS for path in (ROOT / room).rglob("*.py")}
    assert here
    assert here == {path.relative_to(rooms) for path in rooms.rglob("*.py")}
    pages = {path.name for path in (ROOT / "serving" / "dashboard").iterdir() if path.is_file()}
    assert {"page.html", "app.js", "style.css"} < pages
    assert pages <= {path.name for path in (rooms / "serving" / "dashboard").iterdir()}
    assert (rooms / "models" / "default" / "model.safetensors").stat().st_size > 30_000_000


def test_the_command_works_without_the_checkout(site: Path) -> None:
    (site.parent / "reviews.csv").write_text(
        "id,text\n1,Too few examples.\n2,Ví dụ nhiều quá.\n", encoding="utf-8"
    )
    version = run(site, "--version")
    assert version.stdout.startswith("countervoice, version "), version.stderr
    done = run(site, "score", "reviews.csv", "--out", "scored.csv")
    assert done.returncode == 0, done.stderr
    scored = (site.parent / "scored.csv").read_text(encoding="utf-8")
    assert "too_little" in scored
    assert "too_much" in scored


def test_what_runs_is_the_wheel_not_the_checkout(site: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "import sys, countervoice; sys.argv = ['countervoice', '--version']\n"
        "try: countervoice.main()\n"
        "except SystemExit: import serving; print(serving.__file__)",
    ]
    environment = {**os.environ, "PYTHONPATH": str(site)}
    told = subprocess.run(
        command, cwd=site.parent, env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.splitlines()[-1] == str(site / "countervoice_rooms" / "serving" / "__init__.py")
