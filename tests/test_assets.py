"""Twin of tools/assets.py: it builds only when something has changed, and asks for no more."""

import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).parent.parent / "tools" / "assets.py"


@pytest.fixture
def assets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The tool, let loose on a small tree of its own."""
    spec = importlib.util.spec_from_file_location("assets", TOOL)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    web = tmp_path / "web"
    for name, value in {
        "ROOT": tmp_path,
        "WEB": web,
        "LOCK": web / "package-lock.json",
        "BUILT_FROM": web / "static" / "sources.sha256",
    }.items():
        monkeypatch.setattr(module, name, value)
    for source in ("assets/app.css", "bundle.mjs", "package-lock.json"):
        _write(web / source, "first")
    _built(module)
    return module


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def _built(assets: ModuleType) -> None:
    _write(assets.BUILT_FROM, assets.digest(assets.sources()))


def _node(folder: Path, version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with this node and nothing else."""
    for name in ("node", "npm"):
        _write(folder / name, f"#!/bin/sh\necho {version}\n").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_what_is_built_from_these_sources_is_not_built_again(assets: ModuleType) -> None:
    assert not assets.stale()
    os.utime(assets.WEB / "assets" / "app.css", (1, 1))
    assert not assets.stale()


@pytest.mark.parametrize("source", ["assets/app.css", "bundle.mjs", "package-lock.json"])
def test_a_changed_source_is_built_again(assets: ModuleType, source: str) -> None:
    _write(assets.WEB / source, "second")
    assert assets.stale()


def test_a_new_a_renamed_and_a_deleted_source_are_noticed(assets: ModuleType) -> None:
    style = assets.WEB / "assets" / "app.css"
    new = _write(assets.WEB / "assets" / "new.css", "")
    assert assets.stale()
    new.unlink()
    assert not assets.stale()
    style.rename(style.with_name("renamed.css"))
    assert assets.stale()


def test_nothing_is_asked_for_when_all_is_built(
    assets: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert assets.requirements() == []


@pytest.mark.parametrize(
    ("version", "asked"),
    [("v18.20.4", False), ("v24.1.0", False), ("v16.20.2", True), ("nonsense", True)],
)
def test_node_is_asked_for_only_where_there_is_none_new_enough(
    assets: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    version: str,
    asked: bool,
) -> None:
    monkeypatch.setattr(assets, "_node_in_python", lambda: None)
    _node(tmp_path / "bin", version, monkeypatch)
    _write(assets.WEB / "assets" / "app.css", "second")
    assert assets.requirements() == ([assets.NODE_FROM_PYPI] if asked else [])
