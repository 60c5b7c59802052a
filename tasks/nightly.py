"""The copy of every night, in the data folder."""

import re
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from bpmn.errors import AlurError
from engine.backup import reading, writing
from engine.db import Database
from engine.parcels import CannotWrite
from engine.settings import Settings

BACKUPS: Final = "cadangan"
# What an installation keeps that does not say otherwise: on SQLite a week, elsewhere none.
USUAL: Final = 7
_NAME: Final = re.compile(r"alur-\d{4}-\d{2}-\d{2}\.zip")


def kept(settings: Settings) -> int:
    """How many nights are kept."""
    if settings.backups is not None:
        return settings.backups
    return USUAL if settings.url.startswith("sqlite") else 0


def backup(database: Database, now: datetime, settings: Settings) -> str:
    """Tonight's copy, without the documents, which are never changed; the oldest make room."""
    most = kept(settings)
    if not most:
        return "dimatikan (ALUR_BACKUPS)"
    folder = settings.data / BACKUPS
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as wrong:
        raise CannotWrite(path=folder, why=wrong.strerror or str(wrong)) from wrong
    path = folder / f"alur-{now:%Y-%m-%d}.zip"
    path.unlink(missing_ok=True)  # one that was cut, or of the same day: this one is newer
    written = writing.write(database, settings.data, path, now, _version(), with_documents=False)
    _read_again(path)
    for old in backups(settings.data)[most:]:
        old.unlink(missing_ok=True)
    return f"{path.name}: {written.rows} baris, {written.size / 1e6:.1f} MB"


def _read_again(path: Path) -> None:
    """A copy that is damaged is none; those of the nights before stay."""
    try:
        with reading.opened(path) as archive:
            archive.check()
    except AlurError:
        path.unlink(missing_ok=True)
        raise


def backups(folder: Path) -> list[Path]:
    """Those there are, the newest first."""
    found = (folder / BACKUPS).glob("alur-*.zip")
    return sorted((path for path in found if _NAME.fullmatch(path.name)), reverse=True)


def _version() -> str:
    try:
        return version("alur")
    except PackageNotFoundError:
        return "?"
