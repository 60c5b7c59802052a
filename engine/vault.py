"""Keep the content of files: each once, under its own digest, whole or not at all."""

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from bpmn.errors import N_, AlurError

_CHUNK: Final = 1 << 20
# Left to the database, which lies on the same disk: files never take the last of it.
LEAST_FREE: Final = 256 << 20
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class VaultFull(AlurError):
    status = 503
    sentence = N_(
        "Penyimpanan server penuh, jadi berkas belum tersimpan. Hubungi pengelola; isian Anda "
        "yang lain tidak hilang."
    )


class TooBig(AlurError):
    status = 413
    sentence = N_("Berkas lebih besar dari %(most)s MB. Perkecil, atau bagi menjadi beberapa.")


class Lost(AlurError):
    status = 404
    sentence = N_("Isi dokumen ini tidak ditemukan di penyimpanan. Hubungi pengelola.")


@dataclass(frozen=True)
class Kept:
    """What lies in the vault, and how much of it."""

    sha256: str
    size: int


def keep(folder: Path, stream: IO[bytes], most: int) -> Kept:
    """Put a stream away; if anything fails, nothing of it remains."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(folder).free < LEAST_FREE:
            raise VaultFull
        with _draft(folder) as (path, file):
            kept = _copy(stream, file, most)
            _flush(file)
            _settle(path, place(folder, kept.sha256))
    except OSError as wrong:
        if wrong.errno in _FULL:
            raise VaultFull from wrong
        raise
    return kept


def place(folder: Path, sha256: str) -> Path:
    """Where the content of that digest lies, or would."""
    return folder / sha256[:2] / sha256


def find(folder: Path, sha256: str) -> Path:
    path = place(folder, sha256)
    if not path.is_file():
        raise Lost
    return path


@contextmanager
def _draft(folder: Path) -> Iterator[tuple[Path, IO[bytes]]]:
    descriptor, name = tempfile.mkstemp(prefix=".masuk-", dir=folder)
    path = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield path, file
    finally:
        path.unlink(missing_ok=True)


def _copy(stream: IO[bytes], file: IO[bytes], most: int) -> Kept:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > most:
            raise TooBig(most=most // _CHUNK)
        digest.update(chunk)
        file.write(chunk)
    return Kept(digest.hexdigest(), size)


def _flush(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _settle(path: Path, target: Path) -> None:
    """The same content twice is one file; the rename is on disk before anybody is told."""
    if target.exists():
        return
    target.parent.mkdir(exist_ok=True)
    path.replace(target)
    for folder in (target.parent, target.parent.parent):
        _flush_folder(folder)


def _flush_folder(folder: Path) -> None:
    if not hasattr(os, "O_DIRECTORY"):
        return  # Windows keeps its folders by itself
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
