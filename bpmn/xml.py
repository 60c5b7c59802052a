"""Read the XML of a diagram, and only that: a hostile or broken file ends in one clear sentence."""

import codecs
import re
from typing import Final

from lxml import etree

from bpmn.errors import N_, AlurError

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
DI: Final = "http://www.omg.org/spec/DD/20100524/DI"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
SOP: Final = "urn:alur:sop:1"

# The largest shipped SOP weighs about 60 KB, has 1,500 elements and is 6 deep.
LARGEST: Final = 2 * 1024 * 1024
DEEPEST: Final = 60
MOST_ELEMENTS: Final = 20_000

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UTF16_WITHOUT_BOM: Final = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_DECLARATION: Final = re.compile(r"\s*<\?xml\s[^>]*?\?>")
_ENCODING: Final = re.compile(r"""\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']""")
_BEFORE_ROOT: Final = re.compile(r"\s+|<!--.*?-->|<\?.*?\?>", re.DOTALL)
_SINGLE_BYTE: Final = frozenset({"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252"})

# libxml2 speaks English; these are the faults people make by hand.
_FAULTS: Final[dict[int, str]] = {
    etree.ErrorTypes.ERR_TAG_NAME_MISMATCH: N_("tag pembuka dan tag penutup tidak sama"),
    etree.ErrorTypes.ERR_TAG_NOT_FINISHED: N_("berkas terpotong, ada tag yang belum ditutup"),
    etree.ErrorTypes.ERR_DOCUMENT_EMPTY: N_("tidak ada tag pembuka"),
    etree.ErrorTypes.ERR_DOCUMENT_END: N_("ada isi setelah tag penutup terakhir"),
    etree.ErrorTypes.ERR_ATTRIBUTE_REDEFINED: N_("satu atribut ditulis dua kali"),
    etree.ErrorTypes.ERR_UNDECLARED_ENTITY: N_("entitas &…; tidak dikenal"),
    etree.ErrorTypes.ERR_NAME_REQUIRED: N_("tanda & harus ditulis &amp;"),
    etree.ErrorTypes.ERR_LT_IN_ATTRIBUTE: N_("tanda < harus ditulis &lt;"),
    etree.ErrorTypes.ERR_INVALID_CHAR: N_("ada karakter kendali yang terlarang"),
    etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE: N_("awalan nama (prefix) belum dinyatakan"),
}


class Unreadable(AlurError):
    """The bytes are no diagram that Alur is willing to read."""

    sentence = N_("Berkas ini tidak dapat dibaca sebagai diagram BPMN.")


class Empty(Unreadable):
    """There is nothing in the file."""

    sentence = N_("Berkas ini kosong. Simpan ulang diagram dari penyunting BPMN, lalu unggah lagi.")


class TooLarge(Unreadable):
    """More bytes than any SOP needs."""

    sentence = N_(
        "Berkas ini terlalu besar: %(size)s KB, paling banyak %(limit)s KB. "
        "Hapus gambar atau lampiran dari diagram, atau bagi menjadi beberapa SOP."
    )


class WrongEncoding(Unreadable):
    """The bytes are not in the encoding the file says they are in."""

    sentence = N_(
        "Penyandian huruf berkas ini tidak benar (baris %(line)s): tertulis %(declared)s, "
        "isinya bukan itu. Simpan ulang berkas sebagai UTF-8."
    )


class HasDoctype(Unreadable):
    """A DOCTYPE can pull in other files or blow up in memory; BPMN needs none."""

    sentence = N_(
        "Berkas ini memuat DOCTYPE (baris %(line)s), yang dapat menyelundupkan isi lain. "
        "Hapus bagian <!DOCTYPE …> itu."
    )


class NotXml(Unreadable):
    """The text is not well-formed XML."""

    sentence = N_(
        "Berkas ini bukan XML yang sah (baris %(line)s, kolom %(column)s): %(fault)s. "
        "Perbaiki di tempat itu atau simpan ulang dari penyunting BPMN."
    )


class NotBpmn(Unreadable):
    """Well-formed XML, but of something else."""

    sentence = N_(
        "Berkas ini bukan BPMN 2.0 (baris %(line)s): elemen pertamanya <%(root)s>, "
        "seharusnya <definitions> dari BPMN 2.0. Ekspor ulang diagram sebagai BPMN 2.0 (.bpmn)."
    )


class TooDeep(Unreadable):
    """Elements within elements within elements, further than any modeller nests them."""

    sentence = N_(
        "Isi berkas ini bertingkat terlalu dalam (baris %(line)s): paling banyak %(limit)s "
        "tingkat. Sederhanakan subproses yang bersarang."
    )


class TooMany(Unreadable):
    """More elements than a person could ever read in one diagram."""

    sentence = N_(
        "Berkas ini memuat terlalu banyak elemen (sampai baris %(line)s): paling banyak "
        "%(limit)s. Bagi menjadi beberapa SOP."
    )


def tag(namespace: str, name: str) -> str:
    """The qualified name lxml uses: `tag(BPMN, "userTask")`."""
    return f"{{{namespace}}}{name}"


def parse(data: bytes) -> etree._Element:
    """The root of a diagram, or `Unreadable` with what is wrong, where, and what to do."""
    if len(data) > LARGEST:
        raise TooLarge(size=len(data) // 1024, limit=LARGEST // 1024)
    text = _decode(data)
    if not text.strip():
        raise Empty
    text = _without_declaration(text)
    _refuse_doctype(text)
    root = _parse(text)
    _refuse_what_is_not_bpmn(root)
    _refuse_excess(root)
    return root


def _decode(data: bytes) -> str:
    bom, encoding = _shown(data)
    declared = _declared(data[len(bom) :].decode(encoding or "ascii", "replace"))
    _agree(declared, encoding)
    try:
        return data[len(bom) :].decode(encoding or _canonical(declared))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise WrongEncoding(line=line, declared=declared or "UTF-8") from None


def _shown(data: bytes) -> tuple[bytes, str]:
    """The byte order mark and the encoding that the first bytes show, if they show one."""
    marked = ((bom, encoding) for bom, encoding in _BOMS if data.startswith(bom))
    plain = ((b"", encoding) for first, encoding in _UTF16_WITHOUT_BOM if data.startswith(first))
    return next(marked, None) or next(plain, (b"", ""))


def _declared(text: str) -> str:
    declaration = _DECLARATION.match(text[:1024])
    found = _ENCODING.search(declaration.group()) if declaration else None
    return found.group(1) if found else ""


def _canonical(encoding: str) -> str:
    try:
        return codecs.lookup(encoding or "utf-8").name
    except LookupError:
        return ""


def _agree(declared: str, shown: str) -> None:
    allowed = {shown, shown.removesuffix("-le").removesuffix("-be")} if shown else _SINGLE_BYTE
    if declared and _canonical(declared) not in allowed:
        raise WrongEncoding(line=1, declared=declared)


def _without_declaration(text: str) -> str:
    """The text is Unicode by now, so the declaration would only mislead the parser."""
    found = _DECLARATION.match(text)
    return "\n" * found.group().count("\n") + text[found.end() :] if found else text


def _refuse_doctype(text: str) -> None:
    """Look before libxml2 does: then no entity is ever declared."""
    at = 0
    while skipped := _BEFORE_ROOT.match(text, at):
        at = skipped.end()
    if text[at : at + 9].upper() == "<!DOCTYPE":
        raise HasDoctype(line=text.count("\n", 0, at) + 1)


def _parse(text: str) -> etree._Element:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise _unreadable(error) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise HasDoctype(line=1)
    return root


def _unreadable(error: etree.XMLSyntaxError) -> Unreadable:
    line, column = error.position
    if error.code == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
        return TooDeep(line=line, limit=DEEPEST)
    # Above all no "Premature end …" in front of an officer: an unnamed fault stays unnamed.
    fault = _FAULTS.get(error.code, N_("tulisannya salah"))
    return NotXml(line=line, column=column, fault=fault)


def _refuse_what_is_not_bpmn(root: etree._Element) -> None:
    if root.tag != tag(BPMN, "definitions"):
        raise NotBpmn(line=root.sourceline, root=etree.QName(root).localname)


def _refuse_excess(root: etree._Element) -> None:
    depth = elements = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        step = 1 if event == "start" else -1
        depth += step
        elements += step == 1
        if depth > DEEPEST:
            raise TooDeep(line=element.sourceline, limit=DEEPEST)
        if elements > MOST_ELEMENTS:
            raise TooMany(line=element.sourceline, limit=MOST_ELEMENTS)
