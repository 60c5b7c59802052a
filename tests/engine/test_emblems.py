"""An emblem is a picture and nothing else, whatever else was sent in it."""

import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import emblems
from engine.emblems import EmblemRefused

PICTURES = Path(__file__).parents[2] / "docs" / "gambar"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(
    width: int = 2,
    height: int = 2,
    bits: int = 8,
    kind: int = 6,
    interlaced: int = 0,
    points: bytes | None = None,
    *more: bytes,
) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, interlaced)
    drawn = b"".join(b"\0" + b"\x2a" * (4 * width) for _ in range(height))
    parts = [chunk(b"IHDR", head), *more, chunk(b"IDAT", points or zlib.compress(drawn))]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


# One grey point, as small as a baseline JPEG gets.
JPEG = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300" + "10" * 64 + "ffc0000b080001000101011100"
    "ffc4001f0000010501010101010100000000000000000102030405060708090a0b"
    "ffc400b5100002010303020403050504040000017d01020300041105122131410613516107227114328191a1082342b1"
    "c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a535455565758595a6364"
    "65666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9"
    "bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa"
    "ffda0008010100003f00d2ffd9"
)


def test_a_png_is_taken_apart_and_written_anew() -> None:
    note = chunk(b"tEXt", b"Comment\0<script>alert(1)</script>")
    place = chunk(b"eXIf", b"MM\0*-3.44,114.83")
    sent = png(2, 2, 8, 6, 0, None, note, place) + b"PK\x03\x04 and an archive behind it"
    kept = emblems.read(sent)
    assert kept.type == "png"
    assert emblems.read(kept.content) == kept
    for hidden in (b"script", b"114.83", b"PK\x03\x04", b"tEXt"):
        assert hidden not in kept.content


def test_real_pictures_pass() -> None:
    whole = [path for path in PICTURES.glob("*.png") if path.stat().st_size < emblems.LARGEST]
    assert whole
    for path in whole:
        try:
            assert emblems.read(path.read_bytes()).type == "png"
        except emblems.TooLarge:
            width, height = struct.unpack(">II", path.read_bytes()[16:24])
            assert max(width, height) > emblems.WIDEST


def test_of_a_jpeg_nothing_remains_but_what_draws_it() -> None:
    words = b"\xff\xfe" + struct.pack(">H", 2 + 30) + b"<script>alert(document.cookie)"
    place = b"\xff\xe1" + struct.pack(">H", 2 + 14) + b"Exif\0\0-3.44,11"
    kept = emblems.read(JPEG[:2] + words + place + JPEG[2:] + b"<?php system($_GET['c']); ?>")
    assert kept.type == "jpg"
    assert kept.content == emblems.read(JPEG).content
    for hidden in (b"script", b"Exif", b"php", b"JFIF"):
        assert hidden not in kept.content


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + bytes(20),
        b"\x89PNG\r\n\x1a\n",
        png()[:-4],
        png()[:40],
        png().replace(b"IDAT", b"IDAX"),
        png().replace(b"IEND", b"IENX"),
        png(0, 2),
        png(2, 2, 7),
        png(2, 2, 8, 5),
        png(2, 2, 8, 3),  # places in a palette that is not there
        png(2, 2, 8, 6, 2),
        png(2, 2, points=zlib.compress(b"\0" + b"\x2a" * 8)),  # half of it is missing
        png(2, 2, points=zlib.compress((b"\0" + b"\x2a" * 8) * 3)),  # more than it has room for
        png(2, 2, points=zlib.compress((b"\x09" + b"\x2a" * 8) * 2)),
        png(2, 2, points=b"not packed at all"),
        png(2, 2, 8, 6, 0, None, chunk(b"HIDE", b"what nobody may leave out")),
        png(2, 2, 8, 6, 0, None, chunk(b"tRNS", b"\0")),
        JPEG[:-2],
        JPEG[:200],
        JPEG[:2] + b"\xff\xd9",
        b"\xff\xd8" + b"\0" * 50,
        JPEG.replace(b"\xff\xc0", b"\xff\xc3"),  # lossless: no browser draws it
    ],
)
def test_what_is_no_whole_picture_is_refused(sent: bytes) -> None:
    with pytest.raises(EmblemRefused):
        emblems.read(sent)


@pytest.mark.parametrize("sent", [png(5_000, 2), png(2, 1_000_000), bytes(emblems.LARGEST + 1)])
def test_a_picture_that_is_too_large_is_refused_before_it_is_unpacked(sent: bytes) -> None:
    with pytest.raises(emblems.TooLarge, match="512 KB"):
        emblems.read(sent)


def test_a_bomb_is_not_unpacked_further_than_the_picture_goes() -> None:
    bomb = zlib.compress(bytes(50_000_000), 9)
    assert len(bomb) < emblems.LARGEST
    with pytest.raises(emblems.NotAPicture):
        emblems.read(png(points=bomb))


@given(st.integers(0, len(JPEG) - 1), st.integers(0, 255))
def test_a_jpeg_with_any_byte_changed_is_refused_or_still_only_a_picture(at: int, to: int) -> None:
    changed = bytearray(JPEG)
    changed[at] = to
    try:
        kept = emblems.read(bytes(changed))
    except EmblemRefused:
        return
    assert emblems.read(kept.content) == kept


@given(st.binary(max_size=300))
def test_noise_is_refused_in_a_sentence(noise: bytes) -> None:
    for head in (b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8"):
        with pytest.raises(EmblemRefused):
            emblems.read(head + noise)


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 2), (5, 8), (9, 9), (17, 3)])
def test_an_interlaced_picture_has_exactly_the_points_of_its_seven_passes(
    width: int, height: int
) -> None:
    # Each point by its place in the pattern of eight by eight that the format prints.
    even, odd = ["16462646", "77777777", "56565656"], ["77777777", "36463646", "77777777"]
    pattern = [*even, *odd, "56565656", "77777777"]
    drawn = b""
    for number in "1234567":
        for row in range(height):
            places = [at for at in range(width) if pattern[row % 8][at % 8] == number]
            drawn += b"\0" + b"\x2a" * (4 * len(places)) if places else b""
    kept = emblems.read(png(width, height, 8, 6, 1, zlib.compress(drawn)))
    assert emblems.read(kept.content) == kept
    with pytest.raises(emblems.NotAPicture):
        emblems.read(png(width, height, 8, 6, 1, zlib.compress(drawn + b"\0")))
