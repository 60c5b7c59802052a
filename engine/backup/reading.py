"""Look into a backup, and check that every byte of it is as it was when it was written."""

import hashlib
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, NoReturn

import orjson

from engine.backup.errors import CannotRead, Damaged, FromTheFuture, NotABackup
from engine.backup.rows import Shape
from engine.backup.writing import DOCUMENTS, FORMAT, KEY, MANIFEST

_CHUNK: Final = 1 << 20
_LARGEST_MANIFEST: Final = 64 << 20
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
# What a zip file that was cut, or whose bytes were changed, may do to its reader.
_BROKEN: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
)
# A changed list of contents leads outside the file, or names what is not there.
_ASTRAY: Final = (KeyError, OSError, ValueError, struct.error)


class Archive:
    """An opened backup. Nothing in it is trusted before `check` has passed."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self.path, self._archive = path, archive
        self.manifest = self._manifest()
        self.schema = str(self.manifest["schema"])

    def _manifest(self) -> dict[str, Any]:
        try:
            info = self._archive.getinfo(MANIFEST)
            if info.file_size > _LARGEST_MANIFEST:
                raise NotABackup(path=self.path)
            manifest = orjson.loads(self._archive.read(info))
            if manifest["format"] > FORMAT:
                raise FromTheFuture(path=self.path)
            self.tables = [(Shape.from_json(each), each) for each in manifest["tables"]]
        except (*_BROKEN, *_ASTRAY, TypeError) as wrong:
            raise NotABackup(path=self.path) from wrong
        return dict(manifest)

    @property
    def has_documents(self) -> bool:
        return self.manifest["documents"] is not None

    @property
    def missing(self) -> list[str]:
        """Documents that were lost already when it was written."""
        return list((self.manifest["documents"] or {"missing": []})["missing"])

    def check(self) -> None:
        """Read all of it once: whatever was cut, changed, added or taken away is found."""
        for shape, known in self.tables:
            self._check(shape.member, known["sha256"])
        if self.manifest["key"] is not None:
            self._check(KEY, self.manifest["key"]["sha256"])
        for sha256 in self.documents():
            self._check(f"{DOCUMENTS}/{sha256}", sha256)
        expected = (self.manifest["documents"] or {"count": 0})["count"]
        if len(self.documents()) != expected:
            self._damaged(DOCUMENTS)

    def documents(self) -> list[str]:
        """The digests of the documents that are in it."""
        names = (name.partition("/") for name in self._archive.namelist())
        return [sha256 for head, _, sha256 in names if head == DOCUMENTS and self._is_one(sha256)]

    def _is_one(self, name: str) -> bool:
        return _DIGEST.fullmatch(name) is not None or self._damaged(f"{DOCUMENTS}/{name[:80]}")

    def lines(self, shape: Shape) -> Iterator[bytes]:
        """The rows of a table."""
        with self.opened(shape.member) as member:
            yield from member

    def key(self) -> bytes | None:
        if self.manifest["key"] is None:
            return None
        with self.opened(KEY) as member:
            return member.read()

    @contextmanager
    def document(self, sha256: str) -> Iterator[IO[bytes]]:
        with self.opened(f"{DOCUMENTS}/{sha256}") as member:
            yield member

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes]]:
        try:
            with self._open(name) as member:
                yield member
        except _BROKEN as wrong:
            raise Damaged(path=self.path, member=name) from wrong

    def _open(self, name: str) -> IO[bytes]:
        try:
            return self._archive.open(name)
        except (*_BROKEN, *_ASTRAY) as wrong:
            raise Damaged(path=self.path, member=name) from wrong

    def _check(self, name: str, sha256: str) -> None:
        digest = hashlib.sha256()
        with self.opened(name) as member:
            while piece := member.read(_CHUNK):
                digest.update(piece)
        if digest.hexdigest() != sha256:
            self._damaged(name)

    def _damaged(self, name: str) -> NoReturn:
        raise Damaged(path=self.path, member=name)


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as wrong:
        raise NotABackup(path=path) from wrong
    except OSError as wrong:
        raise CannotRead(path=path, why=wrong.strerror or str(wrong)) from wrong
    with archive:
        yield Archive(path, archive)
