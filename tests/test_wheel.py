"""The wheel carries all that an office needs: no node, no source tree, no network afterwards."""

import json
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bpmn", "engine", "tasks", "web")
# What a checkout gathers and a fresh clone would not have, except the built assets: those are
# reused here, to be quick.
GATHERED = shutil.ignore_patterns(
    *(".*_cache", ".git", ".venv", ".hypothesis", "__pycache__", "node_modules"),
    *("*.egg-info", "build", "dist", "var"),
)
# What only builds the assets stays behind.
NOT_SHIPPED = re.compile(
    r"web/(assets/.*|node_modules/.*|bundle\.mjs|package(-lock)?\.json|babel\.cfg|.*\.mo)$"
)


def _run(*command: object, **options: object) -> str:
    done = subprocess.run(  # type: ignore[call-overload]
        [str(part) for part in command], capture_output=True, text=True, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return str(done.stdout)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built the way a release is: from the source archive, in an environment of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    tree = folder / "tree"
    shutil.copytree(ROOT, tree, ignore=GATHERED)
    # Something from npm that looks like Python must not slip in.
    decoy = tree / "web" / "node_modules" / "decoy" / "__init__.py"
    decoy.parent.mkdir(parents=True)
    decoy.touch()
    _run(sys.executable, "-m", "build", "--outdir", folder, tree)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty environment with nothing but the wheel and what it asks for."""
    home = tmp_path_factory.mktemp("office") / "venv"
    _run(sys.executable, "-m", "venv", home)
    _run(home / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-compile", wheel)
    return home


@pytest.fixture
def office(installed: Path, tmp_path: Path) -> dict[str, object]:
    """How a command runs there: no node on the path, no source tree, data of its own."""
    environment = {
        "PATH": str(installed / "bin"),
        "ALUR_DATA": str(tmp_path / "var"),
        "LANG": "C.UTF-8",
    }
    return {"env": environment, "cwd": tmp_path}


def _names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def _files(package: str) -> Iterator[str]:
    for path in (ROOT / package).rglob("*"):
        name = path.relative_to(ROOT).as_posix()
        gathered = "__pycache__" in path.parts or NOT_SHIPPED.match(name)
        if path.is_file() and not gathered:
            yield name


def test_the_wheel_carries_every_file_of_every_floor(wheel: Path) -> None:
    shipped = _names(wheel)
    missing = [name for package in PACKAGES for name in _files(package) if name not in shipped]
    assert missing == []


def test_the_wheel_carries_nothing_else(wheel: Path) -> None:
    folders = {name.split("/")[0] for name in _names(wheel)}
    assert {name for name in folders if not name.endswith(".dist-info")} == set(PACKAGES)
    assert [name for name in _names(wheel) if NOT_SHIPPED.match(name)] == []


def test_the_wheel_carries_every_asset_compressed_too(wheel: Path) -> None:
    shipped = _names(wheel)
    with zipfile.ZipFile(wheel) as archive:
        manifest = json.loads(archive.read("web/static/manifest.json"))
    for name in manifest.values():
        assert {f"web/static/{name}{suffix}" for suffix in ("", ".gz", ".br")} <= shipped


def test_the_wheel_carries_the_licences_of_what_it_ships(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        manifest = json.loads(archive.read("web/static/manifest.json"))
        licences = archive.read(f"web/static/{manifest['licences.txt']}").decode()
        notices = [name for name in archive.namelist() if name.endswith("/NOTICE")]
    assert "bpmn-js 18" in licences
    assert "bootstrap 5" in licences
    assert notices


def test_the_command_answers_where_there_is_no_node(office: dict[str, object]) -> None:
    assert "run" in _run("alur", "--help", **office)


def test_a_shipped_sop_passes_the_rules_where_it_is_installed(
    installed: Path, office: dict[str, object]
) -> None:
    (sop,) = installed.glob("lib/*/site-packages/bpmn/sop/gambut/*.bpmn")
    _run("alur", "lint", sop, **office)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def address(installed: Path, office: dict[str, object]) -> Iterator[str]:
    """Where `alur run` serves until the test is over."""
    port = _free_port()
    command = [str(installed / "bin" / "alur"), "run", "--port", str(port)]
    with subprocess.Popen(command, **office) as server:  # type: ignore[call-overload]
        yield f"http://127.0.0.1:{port}"
        server.terminate()
        assert server.wait(timeout=30) in (0, -15)


def _read(url: str, patience: float = 30) -> str:
    end = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10) as response:
                return str(response.read().decode())
        except URLError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def test_an_installed_alur_serves_its_pages_and_their_look(address: str) -> None:
    assert _read(f"{address}/healthz") == "ok"
    page = _read(f"{address}/")
    (style,) = re.findall(r'href="(/static/app-[^"]+\.css)"', page)
    assert ".chip" in _read(address + style)
