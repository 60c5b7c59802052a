import codecs
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn import xml

DIAGRAM = f'<definitions xmlns="{xml.BPMN}"><process id="p" name="Pengukuran é"/></definitions>'
DECLARED = '<?xml version="1.0" encoding="%s"?>\n' + DIAGRAM


def name_of(data: bytes) -> str | None:
    return xml.parse(data).findall(xml.tag(xml.BPMN, "process"))[0].get("name")


@pytest.mark.parametrize(
    "data",
    [
        DIAGRAM.encode(),
        (DECLARED % "UTF-8").encode(),
        codecs.BOM_UTF8 + (DECLARED % "utf-8").encode(),
        codecs.BOM_UTF16_LE + (DECLARED % "UTF-16").encode("utf-16-le"),
        codecs.BOM_UTF16_BE + (DECLARED % "UTF-16").encode("utf-16-be"),
        codecs.BOM_UTF16_BE + DIAGRAM.encode("utf-16-be"),
        DIAGRAM.encode("utf-16-le"),
        (DECLARED % "UTF-16LE").encode("utf-16-le"),
        (DECLARED % "ISO-8859-1").encode("latin-1"),
        (DECLARED % "windows-1252").encode("cp1252"),
        b"<?xml version='1.0'?><!-- <!DOCTYPE in a comment> -->\n" + DIAGRAM.encode(),
    ],
)
def test_every_honest_encoding_is_read(data: bytes) -> None:
    assert name_of(data) == "Pengukuran é"


@pytest.mark.parametrize(
    "data",
    [
        (DECLARED % "UTF-8").encode("latin-1"),
        (DECLARED % "UTF-16").encode(),
        codecs.BOM_UTF16_LE + (DECLARED % "UTF-8").encode("utf-16-le"),
        codecs.BOM_UTF8 + (DECLARED % "ISO-8859-1").encode(),
        (DECLARED % "utf-7").encode(),
        (DECLARED % "rot13").encode(),
        (DECLARED % "no-such-thing").encode(),
        DIAGRAM.encode("latin-1"),
    ],
)
def test_a_lie_about_the_encoding_is_refused(data: bytes) -> None:
    with pytest.raises(xml.WrongEncoding, match="UTF-8"):
        xml.parse(data)


def test_the_line_of_the_first_wrong_byte_is_told() -> None:
    with pytest.raises(xml.WrongEncoding, match=r"baris 3.*tertulis UTF-8"):
        xml.parse(b"<?xml version='1.0'?>\n\n<a b='\xff'/>")


def test_nobody_writes_diagrams_in_utf_32() -> None:
    with pytest.raises(xml.Unreadable):
        xml.parse(DIAGRAM.encode("utf-32"))


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE definitions [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE definitions SYSTEM "http://127.0.0.1/evil.dtd">',
        "<!-- first --><?pi?>\n<!DOCTYPE definitions>",
        '<!DOCTYPE definitions [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        "<!doctype html>",
    ],
)
def test_a_doctype_is_refused(head: str) -> None:
    with pytest.raises(xml.HasDoctype, match="DOCTYPE"):
        xml.parse((head + DIAGRAM).encode())


@pytest.mark.parametrize("space", ["", "\n", " \n\n"])
def test_a_doctype_is_refused_on_its_line(space: str) -> None:
    line = 1 + space.count("\n")
    with pytest.raises(xml.HasDoctype, match=f"baris {line}"):
        xml.parse((space + "<!DOCTYPE a>" + DIAGRAM).encode())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<a>\n<b></a>", r"baris 2.*tidak sama"),
        ("<a>", "terpotong"),
        ("hello", "tidak ada tag pembuka"),
        ("<a/><b/>", "setelah tag penutup"),
        ('<a x="1" x="2"/>', "dua kali"),
        ("<a>&nbsp;</a>", "tidak dikenal"),
        ("<a> & </a>", "&amp;"),
        ('<a b="<"/>', "&lt;"),
        ("<a>\x01</a>", "karakter kendali"),
        ("<a><x:b/></a>", "prefix"),
        ("<a b=1/>", "tulisannya salah"),
    ],
)
def test_a_fault_in_the_xml_is_told_with_its_place(text: str, told: str) -> None:
    with pytest.raises(xml.NotXml, match=told):
        xml.parse(text.encode())


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("<html/>", "html"),
        ("<definitions/>", "definitions"),
        ('<definitions xmlns="http://www.omg.org/spec/DMN/20180521/MODEL/"/>', "definitions"),
    ],
)
def test_xml_of_something_else_is_refused(text: str, root: str) -> None:
    with pytest.raises(xml.NotBpmn, match=f"<{root}>"):
        xml.parse(text.encode())


@pytest.mark.parametrize("data", [b"", b" \n ", codecs.BOM_UTF8, codecs.BOM_UTF16_LE])
def test_an_empty_file_is_refused(data: bytes) -> None:
    with pytest.raises(xml.Empty):
        xml.parse(data)


def nested(depth: int) -> bytes:
    inside = "<process>" * depth + "</process>" * depth
    return f'<definitions xmlns="{xml.BPMN}">{inside}</definitions>'.encode()


def test_nesting_is_read_up_to_the_limit() -> None:
    assert xml.parse(nested(xml.DEEPEST - 1)) is not None


@pytest.mark.parametrize("depth", [xml.DEEPEST, 300, 100_000])
def test_deep_nesting_is_refused_with_a_sentence(depth: int) -> None:
    with pytest.raises(xml.TooDeep, match="tingkat"):
        xml.parse(nested(depth))


def test_a_flood_of_elements_is_refused() -> None:
    flood = "<process/>" * (xml.MOST_ELEMENTS + 1)
    with pytest.raises(xml.TooMany, match="terlalu banyak"):
        xml.parse(f'<definitions xmlns="{xml.BPMN}">{flood}</definitions>'.encode())


def test_a_file_beyond_two_megabytes_is_refused_unread() -> None:
    with pytest.raises(xml.TooLarge, match="2048 KB"):
        xml.parse(b"<" * (xml.LARGEST + 1))


@pytest.mark.parametrize(
    "data",
    [
        b" " * xml.LARGEST,
        b"<!--" * (xml.LARGEST // 4),
        b"<?" * (xml.LARGEST // 2),
        b"<?xml " * (xml.LARGEST // 6),
        b"<a " + b"b" * (xml.LARGEST - 9),
        (b"\n<?xml " + b" encoding=" * 100) * 2000,
    ],
)
def test_no_file_keeps_the_reader_busy(data: bytes) -> None:
    began = time.perf_counter()
    with pytest.raises(xml.Unreadable):
        xml.parse(data)
    assert time.perf_counter() - began < 1


@given(
    st.binary(max_size=200) | st.text(max_size=200).map(lambda text: DIAGRAM + text).map(str.encode)
)
def test_whatever_comes_ends_in_a_diagram_or_a_sentence(data: bytes) -> None:
    try:
        root = xml.parse(data)
    except xml.Unreadable as error:
        assert str(error).endswith(".")
    else:
        assert root.tag == xml.tag(xml.BPMN, "definitions")
