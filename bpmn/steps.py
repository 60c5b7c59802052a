"""One step of a diagram, with all that its row of the SOP's table says."""

from dataclasses import replace
from typing import Final

from lxml import etree

from bpmn import durations
from bpmn.arrows import Arrows
from bpmn.decisions import decision
from bpmn.document import Anggota, Kegiatan, MutuBaku, Repeat, Step
from bpmn.errors import N_, AlurError
from bpmn.forms import Formulir
from bpmn.lanes import Lanes
from bpmn.vocabulary import extension, extensions
from bpmn.xml import BPMN, SOP, tag

_ESCALATION: Final = tag(BPMN, "escalationEventDefinition")
_DURATION: Final = f"{tag(BPMN, 'timerEventDefinition')}/{tag(BPMN, 'timeDuration')}"
_LOOP: Final = tag(BPMN, "multiInstanceLoopCharacteristics")


class NoId(AlurError):
    """What a step gathers is kept under its id."""

    sentence = N_("Langkah “%(step)s” tidak mempunyai id. Simpan ulang dari penyunting BPMN.")


class TwoDeadlines(AlurError):
    """A step has one mutu baku waktu."""

    sentence = N_(
        "Langkah “%(step)s” mempunyai lebih dari satu pewaktu eskalasi: %(timers)s. "
        "Sisakan satu saja sebagai mutu baku waktu."
    )


class BadDeadline(AlurError):
    """The timer of a step holds no working time."""

    sentence = N_("Pewaktu pada langkah “%(step)s”: %(why)s")


class WrongCount(AlurError):
    """A repetition that does not fit the posts it is for."""

    sentence = N_(
        "“%(element)s” diulang %(count)s kali, tetapi anggotanya %(members)s jabatan. "
        "Samakan keduanya."
    )


def read_step(drawn: etree._Element, arrows: Arrows, lanes: Lanes) -> Step:
    """The step as drawn; which of its answers are ways back shows only in the whole SOP."""
    name = " ".join(drawn.get("name", "").split())
    if not drawn.get("id"):
        raise NoId(step=name)
    kegiatan = extension(drawn, Kegiatan)
    return Step(
        id=drawn.get("id", ""),
        name=name or drawn.get("id", ""),
        kegiatan=(kegiatan.teks if kegiatan is not None else "") or name,
        nomor=_said(drawn, "nomor"),
        lane=lanes.of(drawn),
        mutu_baku=_mutu_baku(drawn, arrows),
        form=extension(drawn, Formulir),
        decision=decision(drawn, arrows),
        next=arrows.steps_after(drawn),
        repeat=_repeat(drawn),
        peserta=tuple((_said(drawn, "peserta") or "").split()),
        bukan_pelaku=tuple((_said(drawn, "bukanPelaku") or "").split()),
        penanggung_jawab=_said(drawn, "penanggungJawab"),
        eskalasi_ke=tuple((_said(drawn, "eskalasiKe") or "").split()),
        keterangan=_said(drawn, "keterangan"),
        documentation=_text(drawn.find(tag(BPMN, "documentation"))),
        usulan=_said(drawn, "usulan") == "true",
    )


def _mutu_baku(drawn: etree._Element, arrows: Arrows) -> MutuBaku:
    written = extension(drawn, MutuBaku) or MutuBaku()
    deadline = _deadline(drawn, arrows)
    if deadline is None:
        return written
    return replace(written, waktu=_waktu(drawn, deadline), timer=deadline.get("id"))


def _deadline(drawn: etree._Element, arrows: Arrows) -> etree._Element | None:
    """The one timer that holds the mutu baku waktu; a mere reminder escalates nothing."""
    found = [event for event in arrows.boundaries(drawn) if _escalates(event, arrows)]
    if len(found) > 1:
        raise TwoDeadlines(step=_label(drawn), timers=", ".join(_label(each) for each in found))
    return next(iter(found), None)


def _escalates(event: etree._Element, arrows: Arrows) -> bool:
    waits_beside = event.get("cancelActivity") in ("false", "0")
    return (
        waits_beside
        and event.find(_DURATION) is not None
        and any(met.find(_ESCALATION) is not None for met in arrows.met_after(event))
    )


def _waktu(drawn: etree._Element, deadline: etree._Element) -> durations.Duration:
    try:
        return durations.parse(deadline.findtext(_DURATION) or "")
    except durations.BadDuration as error:
        raise BadDeadline(step=_label(drawn), why=error) from None


def _repeat(drawn: etree._Element) -> Repeat | None:
    """The nearest activity around the step that is done once for each of its posts."""
    for activity in (drawn, *drawn.iterancestors()):
        loop = activity.find(_LOOP)
        members = extensions(activity, Anggota)
        if loop is not None and members:
            _refuse_wrong_count(activity, loop, members)
            return Repeat(activity.get("id", ""), members)
    return None


def _refuse_wrong_count(
    activity: etree._Element, loop: etree._Element, members: tuple[Anggota, ...]
) -> None:
    count = _text(loop.find(tag(BPMN, "loopCardinality")))
    if count is not None and count != str(len(members)):
        raise WrongCount(element=_label(activity), count=count, members=len(members))


def _said(element: etree._Element, name: str) -> str | None:
    return element.get(tag(SOP, name)) or None


def _text(element: etree._Element | None) -> str | None:
    return ((element.text or "").strip() or None) if element is not None else None


def _label(element: etree._Element) -> str:
    return " ".join(element.get("name", "").split()) or element.get("id", "?")
