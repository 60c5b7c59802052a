"""An office's emblem: a picture that is only a picture, whatever was sent.

A PNG is taken apart and written anew from its points; of a JPEG nothing remains but what draws it.
No comment, no place where it was taken, nothing behind its end travels along.
"""

import hashlib
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bpmn.errors import N_, AlurError

LARGEST: Final = 512 * 1024
WIDEST: Final = 1_200
TYPES: Final = {"png": "image/png", "jpg": "image/jpeg"}

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8"


class EmblemRefused(AlurError):
    """A picture that is not taken for an office's emblem."""

    status = 422
    field = "emblem"


class NoPicture(EmblemRefused):
    sentence = N_("Pilih gambar lambangnya: PNG atau JPEG.")


class NotAPicture(EmblemRefused):
    sentence = N_(
        "Berkas ini bukan PNG atau JPEG yang utuh. Buka gambarnya, simpan ulang sebagai PNG, lalu "
        "unggah lagi."
    )


class TooLarge(EmblemRefused):
    sentence = N_(
        "Gambar ini terlalu besar. Paling besar %(kb)s KB dan %(pixels)s × %(pixels)s titik."
    )


@dataclass(frozen=True)
class Picture:
    """A picture that is safe to show."""

    type: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


class _Broken(Exception):
    """Not as its format says."""


def read(content: bytes) -> Picture:
    """The picture in what was sent, and nothing else of it."""
    if not content:
        raise NoPicture
    if len(content) > LARGEST:
        raise _too_large()
    try:
        if content.startswith(_PNG):
            return Picture("png", _png(content))
        if content.startswith(_JPEG):
            return Picture("jpg", _jpeg(content))
    except (_Broken, struct.error, zlib.error, IndexError) as wrong:
        raise NotAPicture from wrong
    raise NotAPicture


def _too_large() -> TooLarge:
    return TooLarge(kb=LARGEST // 1024, pixels=WIDEST)


def _refuse_size(width: int, height: int) -> None:
    if not (width and height):
        raise _Broken
    if max(width, height) > WIDEST:
        raise _too_large()


# --- PNG -------------------------------------------------------------------------------------

# How many values each kind of point has, and with how many bits each of them may be written.
_VALUES: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_BITS: Final = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
# Where the seven passes of an interlaced picture begin, and how far apart their points lie.
_PASSES: Final = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)


def _png(content: bytes) -> bytes:
    chunks, points = dict[bytes, bytes](), b""
    for kind, data in _chunks(content):
        if kind == b"IDAT":
            points += data
        elif kind in (b"IHDR", b"PLTE", b"tRNS"):
            if kind in chunks:
                raise _Broken
            chunks[kind] = data
        elif not kind[0] & 0x20:  # one that nobody may leave out, and that we do not know
            raise _Broken
    head = chunks.get(b"IHDR", b"")
    drawn, colours = _points(head, points), _colours(head, chunks)
    kept = [(b"IHDR", head), *colours, (b"IDAT", zlib.compress(drawn, 9)), (b"IEND", b"")]
    return _PNG + b"".join(_chunk(kind, data) for kind, data in kept)


def _colours(head: bytes, chunks: Mapping[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    """The palette, where points are written as places in one, and what is seen through."""
    bits, kind = head[8], head[9]
    palette, through = chunks.get(b"PLTE", b""), chunks.get(b"tRNS")
    if kind == 3 and (not palette or len(palette) % 3 or len(palette) > 3 << bits):
        raise _Broken
    fits = {0: (2,), 2: (6,), 3: range(1, len(palette) // 3 + 1)}.get(kind, ())
    if through is not None and len(through) not in fits:
        raise _Broken
    found = [(b"PLTE", palette)] if kind == 3 else []
    return found + ([(b"tRNS", through)] if through is not None else [])


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG)
    while True:
        (length,) = struct.unpack_from(">I", content, at)
        kind, data = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        (seal,) = struct.unpack_from(">I", content, at + 8 + length)
        if zlib.crc32(kind + data) != seal or not kind.isalpha():
            raise _Broken
        if kind == b"IEND":
            return
        yield kind, data
        at += 12 + length


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _points(head: bytes, packed: bytes) -> bytes:
    """Exactly as many as the picture has, each line filtered as the format knows it."""
    width, height, bits, kind, packing, filtering, interlaced = struct.unpack(">IIBBBBB", head)
    _refuse_size(width, height)
    if bits not in _BITS.get(kind, ()) or packing or filtering or interlaced > 1:
        raise _Broken
    lines = list(_lines(width, height, bits * _VALUES[kind], interlaced))
    size = sum(lines)
    unpacker = zlib.decompressobj()
    drawn = unpacker.decompress(packed, size + 1)
    if len(drawn) != size or not unpacker.eof:
        raise _Broken
    at = 0
    for length in lines:
        if drawn[at] > 4:
            raise _Broken
        at += length
    return drawn


def _lines(width: int, height: int, bits: int, interlaced: int) -> Iterator[int]:
    """How many bytes each line takes, with the one that says how it is filtered."""
    passes = _PASSES if interlaced else ((0, 0, 1, 1),)
    for left, top, across, down in passes:
        wide = -(-max(width - left, 0) // across)
        high = -(-max(height - top, 0) // down)
        if wide:
            yield from [1 + -(-wide * bits // 8)] * high


# --- JPEG ------------------------------------------------------------------------------------

_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})
# Tables, frames, scans, restarts; and the one of Adobe that says how colours are to be read.
_DRAWS: Final = frozenset({0xDB, 0xC4, 0xDD, 0xDA, 0xEE}) | _FRAMES
_END: Final = 0xD9


def _jpeg(content: bytes) -> bytes:
    kept, has_frame, has_scan, at = bytearray(_JPEG), False, False, 2
    while True:
        kind, at = _marker(content, at)
        if kind == _END:
            if not (has_frame and has_scan):
                raise _Broken
            return bytes(kept + b"\xff\xd9")
        (length,) = struct.unpack_from(">H", content, at)
        segment = content[at : at + length]
        if length < 2 or len(segment) != length:
            raise _Broken
        at += length
        if kind in _FRAMES:
            has_frame = True
            _bits, height, width = struct.unpack_from(">BHH", segment, 2)
            _refuse_size(width, height)
        if kind in _DRAWS:
            kept += bytes((0xFF, kind)) + segment
        elif not (0xE0 <= kind <= 0xEF or kind == 0xFE):
            raise _Broken
        if kind == 0xDA:
            has_scan, end = True, _end_of_scan(content, at)
            kept += content[at:end]
            at = end


def _marker(content: bytes, at: int) -> tuple[int, int]:
    if content[at] != 0xFF:
        raise _Broken
    while content[at] == 0xFF:
        at += 1
    return content[at], at + 1


def _end_of_scan(content: bytes, at: int) -> int:
    """The next marker that is none within what is drawn."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0:
            raise _Broken
        following = content[at + 1]
        if following and not 0xD0 <= following <= 0xD7 and following != 0xFF:
            return at
        at += 1 if following == 0xFF else 2
