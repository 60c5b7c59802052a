"""Gambut's SOP once more, with a start form and a rule for the titles of its cases."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn import library
from engine import sops
from engine.access import MACHINE
from engine.models import Office, Sop

SLUG = "data-kinerja-unit"
RULE = "Data kinerja {unit} triwulan {triwulan} {tahun}"
FORM = """<bpmn:extensionElements><sop:formulir>
<sop:isian kunci="unit" label="Unit" wajib="true" maksimal="80"/>
<sop:isian kunci="triwulan" label="Triwulan" jenis="pilihan" wajib="true"><sop:pilihan nilai="1" label="I"/><sop:pilihan nilai="2" label="II"/></sop:isian>
<sop:isian kunci="tenggat" label="Tenggat dari kabupaten" jenis="tanggal" minimal="2026-01-01"/>
<sop:isian kunci="jumlah" label="Jumlah indikator" jenis="angka" minimal="1" maksimal="500"/>
</sop:formulir></bpmn:extensionElements>"""  # noqa: E501

_PROCESS = b'id="gambut-pengumpulan-dan-pengukuran-data-kinerja"'
_START = b'<bpmn:startEvent id="Mulai" name="Mulai">'


def drawn(form: str = FORM, rule: str = RULE) -> bytes:
    xml = library.load("gambut/pengumpulan-dan-pengukuran-data-kinerja")
    assert _PROCESS in xml and _START in xml
    titled = xml.replace(_PROCESS, _PROCESS + f' sop:judul="{rule}"'.encode() if rule else _PROCESS)
    named = titled.replace(b'name="Pengumpulan dan Pengukuran Data', b'name="Survei Data')
    return named.replace(_START, _START + form.encode())


def publish(session: Session, now: datetime, form: str = FORM, rule: str = RULE) -> Sop:
    """Gambut puts it in force beside its first SOP; the kasubbag may start both."""
    gambut = session.scalars(select(Office).where(Office.slug == "gambut")).one()
    revision = sops.publish(session, MACHINE, gambut, SLUG, drawn(form, rule), now)
    return session.get_one(Sop, revision.sop_id)
