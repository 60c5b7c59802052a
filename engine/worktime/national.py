"""The nation's holidays and cuti bersama, by name, without paying for every other country's."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any


@cache
def days(year: int, holidays: bool, cuti_bersama: bool) -> Mapping[date, str]:
    """Return the free days of a year and what they are called."""
    categories = ["public"] * holidays + ["government"] * cuti_bersama
    if not categories:
        return {}
    return dict(_indonesia()(years=year, categories=categories, language="id", expand=False))


@cache
def _indonesia() -> Any:
    # Read on first use, and from its own file: the package's front door reads the tables of all
    # 250 countries, at three times the time and twice the memory.
    path = _package() / "countries" / "indonesia.py"
    spec = spec_from_file_location("holidays.countries.indonesia", path)
    if not path.exists() or spec is None or spec.loader is None:
        import holidays

        return holidays.Indonesia
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Indonesia


def _package() -> Path:
    spec = find_spec("holidays")
    assert spec and spec.origin  # noqa: S101 (a declared dependency)
    return Path(spec.origin).parent
