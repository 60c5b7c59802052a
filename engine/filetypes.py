"""What a file really is, by what is in it: its name must not say otherwise."""

import codecs
import re
import struct
import unicodedata
import zipfile
from pathlib import PurePosixPath
from typing import IO, Final

from bpmn.errors import N_, AlurError

TYPES: Final = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv",
    "txt": "text/plain",
}
LONGEST_NAME: Final = 120

_SAME: Final = {"jpeg": "jpg", "jpe": "jpg"}
_TEXTS: Final = frozenset({"csv", "txt"})
_MAGIC: Final = (
    ("pdf", re.compile(rb"%PDF-\d")),
    ("jpg", re.compile(rb"\xff\xd8\xff")),
    ("png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("webp", re.compile(rb"RIFF.{4}WEBP", re.DOTALL)),
)
_OFFICE: Final = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"} | {
    "pptx": "ppt/presentation.xml"
}
_OPEN: Final = {TYPES["odt"]: "odt", TYPES["ods"]: "ods"}
_ZIP: Final = b"PK\x03\x04"
_END_OF_ZIP: Final = b"PK\x05\x06"
_LONG_END_OF_ZIP: Final = b"PK\x06\x07"
# A page or a script in disguise: no office writes one at the head of a letter.
_PAGE: Final = re.compile(rb"<\s*(?:!doctype|html|script|svg|iframe|body|\?php)", re.IGNORECASE)
_HEAD: Final = 1024
# A longer list of contents is a bomb, not a document.
_LONGEST_LIST: Final = 2 << 20
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")


class FileRefused(AlurError):
    """A file that is not taken in."""

    status = 422


class NotTaken(FileRefused):
    sentence = N_("“%(name)s” tidak diterima. Yang diterima: %(types)s.")


class Empty(FileRefused):
    sentence = N_("“%(name)s” kosong. Pilih berkas yang ada isinya.")


class NameLies(FileRefused):
    sentence = N_(
        "“%(name)s” bernama .%(said)s, tetapi isinya bukan %(said)s yang utuh. Buka berkasnya, "
        "simpan ulang sebagai .%(said)s, lalu unggah lagi."
    )


class TwoInOne(FileRefused):
    sentence = N_("“%(name)s” menyembunyikan isi lain di dalamnya, jadi tidak diterima.")


class HasMacros(FileRefused):
    sentence = N_("“%(name)s” memuat makro. Simpan tanpa makro, lalu unggah lagi.")


def recognise(name: str, stream: IO[bytes]) -> str:
    """The type of the file, where its name and its content agree on one that is taken."""
    said = _said(name)
    if said not in TYPES:
        raise NotTaken(name=name, types=", ".join(TYPES))
    stream.seek(0)
    head = stream.read(_HEAD)
    if not head:
        raise Empty(name=name)
    if not _is(said, name, head, stream):
        raise NameLies(name=name, said=said)
    _refuse_second_nature(said, name, head, stream)
    stream.seek(0)
    return said


def clean_name(name: str) -> str:
    """A name that is safe on every system: no path, nothing invisible, not too long."""
    bare = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(each for each in bare if unicodedata.category(each)[0] != "C" or each == " ")
    safe = re.sub(r'[<>:"|?*%]', "_", seen)
    safe = " ".join(safe.split()).strip(". ")
    stem, dot, ending = safe.rpartition(".")
    if not dot or len(ending) > 10:
        return safe[:LONGEST_NAME] or "berkas"
    return f"{stem[: LONGEST_NAME - len(ending) - 1].rstrip('. ') or 'berkas'}.{ending}"


def _said(name: str) -> str:
    ending = PurePosixPath(name).suffix.removeprefix(".").casefold()
    return _SAME.get(ending, ending)


def _is(said: str, name: str, head: bytes, stream: IO[bytes]) -> bool:
    if said in _TEXTS:
        return _is_text(head, stream)
    if said in _OFFICE or said in _OPEN.values():
        return head.startswith(_ZIP) and _in_zip(name, stream) == said
    return any(said == kind and magic.match(head) for kind, magic in _MAGIC)


def _is_text(head: bytes, stream: IO[bytes]) -> bool:
    """UTF-8 or what Excel writes: readable throughout, and not a page."""
    if any(magic.match(head) for _, magic in _MAGIC) or head.startswith(_ZIP):
        return False
    return any(_reads(stream, encoding) for encoding in ("utf-8-sig", "cp1252"))


def _reads(stream: IO[bytes], encoding: str) -> bool:
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := stream.read(1 << 16):
            if _CONTROLS.search(decoder.decode(chunk)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _in_zip(name: str, stream: IO[bytes]) -> str | None:
    """Which document the archive is; nothing of it but a name is unpacked."""
    if not _has_short_list(stream):
        return None
    try:
        with zipfile.ZipFile(stream) as archive:
            names = frozenset(archive.namelist())
            if any(each.casefold().endswith("vbaproject.bin") for each in names):
                raise HasMacros(name=name)
            return _document(archive, names)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError, ValueError):
        return None
    except (RuntimeError, EOFError, KeyError, struct.error):
        return None


def _document(archive: zipfile.ZipFile, names: frozenset[str]) -> str | None:
    if "[Content_Types].xml" in names:
        return next((kind for kind, part in _OFFICE.items() if part in names), None)
    if "mimetype" not in names:
        return None
    with archive.open("mimetype") as written:
        return _OPEN.get(written.read(100).decode("ascii", "replace").strip())


def _has_short_list(stream: IO[bytes]) -> bool:
    tail = _tail(stream)
    at = tail.rfind(_END_OF_ZIP)
    if at < 0 or len(tail) < at + 22:
        return False
    entries, size = struct.unpack_from("<HI", tail, at + 10)
    # A longer end before this one would be believed instead; of 25 MB nobody needs it.
    is_long = tail[max(0, at - 20) :].startswith(_LONG_END_OF_ZIP)
    return bool(size <= _LONGEST_LIST and entries < 0xFFFF and not is_long)


def _tail(stream: IO[bytes]) -> bytes:
    stream.seek(0, 2)
    stream.seek(max(0, stream.tell() - 66_000))
    return stream.read()


def _refuse_second_nature(said: str, name: str, head: bytes, stream: IO[bytes]) -> None:
    """A picture that is a page as well, an archive behind a PDF: two readers, two meanings."""
    if said in _OFFICE or said in _OPEN.values():
        hides = b"%PDF-" in head
    else:
        hides_pdf = said != "pdf" and b"%PDF-" in head
        hides = hides_pdf or _PAGE.search(head) is not None or _ends_as_archive(said, stream)
    if hides:
        raise TwoInOne(name=name)


def _ends_as_archive(said: str, stream: IO[bytes]) -> bool:
    tail = _tail(stream)
    at = tail.rfind(_END_OF_ZIP)
    if said != "pdf" or at < 0 or len(tail) < at + 22:
        return at >= 0 and said not in _TEXTS
    # A PDF may carry attachments; only one that ends where the file ends makes it an archive.
    (comment,) = struct.unpack_from("<H", tail, at + 20)
    return not tail[at + 22 + comment :].strip()
