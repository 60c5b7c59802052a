"""What officers fill in where a story is about something else."""

from typing import Any, Final

from sqlalchemy.orm import Session

from bpmn.forms import KINERJA
from engine import sops
from engine.models import Case, Revision, Task

ROW: Final = {
    "sasaran": "Meningkatnya kualitas pelayanan publik",
    "indikator": "Indeks kepuasan masyarakat",
    "satuan": "indeks",
    "arah": "naik",
    "target_tahunan": "85",
    "target_triwulan": "80",
    "realisasi": "82,5",
    "keterangan": "",
    "bukti": "Rekap survei",
}
# The same as it is kept.
KEPT: Final = {
    **ROW,
    "target_tahunan": 85,
    "target_triwulan": 80,
    "realisasi": 82.5,
    "capaian": 103.13,
}


def least(session: Session, task_id: int) -> dict[str, Any]:
    """What the step's form must have."""
    task = session.get_one(Task, task_id)
    case = session.get_one(Case, task.case_id)
    form = sops.meaning(session.get_one(Revision, case.revision_id)).step(task.step).form
    asked = form.isian if form else ()
    return {field.kunci: [ROW] for field in asked if field.jenis == KINERJA and field.wajib}
