"""Write many things into one file, which is there when it is whole and not before."""

import errno
import hashlib
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from bpmn.errors import N_, AlurError

_CHUNK: Final = 1 << 20
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NO_LINKS: Final = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})


class ParcelError(AlurError):
    """A file that cannot be written."""


class AlreadyThere(ParcelError):
    sentence = N_("Berkas %(path)s sudah ada dan tidak ditimpa. Pilih nama lain.")


class CannotWrite(ParcelError):
    sentence = N_("Berkas %(path)s tidak dapat ditulis: %(why)s. Tidak ada yang tersisa di sana.")


@dataclass(frozen=True)
class Put:
    """What was put in: how many pieces of it, how large, and its digest."""

    pieces: int
    size: int
    sha256: str


class Parcel:
    """A zip archive that is being filled."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def put(self, name: str, pieces: Iterable[bytes], *, packed: bool = True) -> Put:
        """Add a member; what is packed already is not packed again."""
        info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        digest, size, count = hashlib.sha256(), 0, 0
        with self._archive.open(info, "w", force_zip64=True) as member:
            for piece in pieces:
                digest.update(piece)
                member.write(piece)
                size += len(piece)
                count += 1
        return Put(count, size, digest.hexdigest())


@contextmanager
def writing(path: Path) -> Iterator[Parcel]:
    """Fill the parcel in here."""
    with _whole(path) as file, zipfile.ZipFile(file, "w", allowZip64=True) as archive:
        yield Parcel(archive)


def write_alone(path: Path, content: bytes) -> None:
    """One thing in a file of its own, as whole and as private."""
    with _whole(path) as file:
        file.write(content)


@contextmanager
def _whole(path: Path) -> Iterator[IO[bytes]]:
    """A file for the server's account alone; it never takes the place of another."""
    if path.exists():
        raise AlreadyThere(path=path)
    partial = path.with_name(path.name + ".sebagian")
    try:
        with _sealed(partial) as file:
            yield file
        _settle(partial, path)
    except FileExistsError as wrong:
        raise AlreadyThere(path=path) from wrong
    except OSError as wrong:
        why = "penyimpanan penuh" if wrong.errno in _FULL else wrong.strerror or str(wrong)
        raise CannotWrite(path=path, why=why) from wrong
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _sealed(path: Path) -> Iterator[IO[bytes]]:
    """A new file that nobody else reads, on disk when this ends."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    with os.fdopen(descriptor, "w+b") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _settle(partial: Path, path: Path) -> None:
    """Never over a file that somebody has put there meanwhile."""
    try:
        os.link(partial, path)
    except OSError as wrong:
        # A stick formatted for every computer knows no links.
        if wrong.errno not in _NO_LINKS or path.exists():
            raise
        partial.rename(path)
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def pieces(path: Path) -> Iterator[bytes]:
    """The content of a file, some of it at a time."""
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            yield piece


def digest(path: Path) -> str:
    found = hashlib.sha256()
    for piece in pieces(path):
        found.update(piece)
    return found.hexdigest()
