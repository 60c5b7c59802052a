"""The half-yearly monitoring form of an office: filled by the facts, completed by its leader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bpmn.errors import N_
from engine import assessments, offices
from engine.assessments import Finding, Line, Said
from engine.models import Office
from web import errors, kept, periods, shares
from web.guard import allow
from web.i18n import _, ngettext

blueprint = Blueprint("assessments", __name__, url_prefix="/offices/<office>/assessments")


class Limit(NamedTuple):
    """One limit of the rule: its name, what its number means, when it is broken, what to do."""

    title: str
    help: str
    broken: str
    action: str


LIMITS: Final = {
    "late": Limit(
        N_("Langkah terlambat"),
        N_("persen langkah bertenggat yang boleh terlambat"),
        N_("lebih dari %(limit)s persen langkah bertenggat terlambat"),
        N_("Telusuri mengapa langkah “%(step)s” terlambat, lalu atur beban atau penggantinya."),
    ),
    "worked": Limit(
        N_("Waktu dikerjakan"),
        N_("persen mutu baku yang boleh dipakai mengerjakan langkah, menurut mediannya"),
        N_("median pengerjaan sebuah langkah lebih dari %(limit)s persen mutu bakunya"),
        N_("Tinjau mutu baku waktu langkah “%(step)s”, atau cara mengerjakannya."),
    ),
    "returned": Limit(
        N_("Berkas dikembalikan"),
        N_("persen keputusan yang boleh mengembalikan berkas"),
        N_("lebih dari %(limit)s persen keputusan mengembalikan berkas"),
        N_("Perjelas syarat sebelum langkah “%(step)s”, agar berkas tidak dikembalikan."),
    ),
    "questions": Limit(
        N_("Pertanyaan penting"),
        N_("pertanyaan penting yang boleh belum dijawab"),
        N_("lebih dari %(limit)s pertanyaan penting belum dijawab"),
        N_("Jawab pertanyaan terbuka di halaman SOP ini."),
    ),
}
VERDICTS: Final = {
    "": N_("Seperti kata fakta"),
    "baik": N_("Berjalan baik"),
    "tidak": N_("Tidak berjalan baik"),
}


@dataclass(frozen=True)
class Row:
    """A row of the form, in words."""

    line: Line
    facts: Sequence[str]
    proposals: Sequence[str]

    @property
    def id(self) -> int:
        return self.line.sop.id


@blueprint.get("")
@allow("report.see")
def index(office: str) -> ResponseReturnValue:
    here = _office(office)
    half = assessments.half_of(offices.today(here, g.now))
    return redirect(url_for("assessments.page", office=office, half=half), 303)


@blueprint.get("/<half>")
@allow("report.see")
def page(office: str, half: str) -> str:
    fields, is_draft = kept.fields()
    return _page(office, half, fields, {}, is_draft=is_draft)


@blueprint.post("/<half>")
@allow("sop.assess", form="assessments.page")
def assess(office: str, half: str) -> ResponseReturnValue:
    form, here = request.form, _office(office)
    said = Said(
        form.get("verdict", ""),
        form.get("note", ""),
        form.get("action", ""),
        _number(form.get("seen", "")),
    )
    sop_id = _number(form.get("sop", ""))
    try:
        assessments.assess(g.session, g.actor, here, half, sop_id, said, g.now)
    except (assessments.TooLong, assessments.WrittenMeanwhile) as error:
        wrong = {f"{error.field}-{sop_id}": errors.sentence(error)}
        return _page(office, half, form, wrong), error.status
    kept.drop(url_for("assessments.page", office=office, half=half))
    flash(_("Penilaian tersimpan."), "success")
    place = url_for("assessments.page", office=office, half=half, _anchor=f"sop-{sop_id}")
    return redirect(place, 303)


@blueprint.post("/<half>/rule")
@allow("sop.assess", form="assessments.page")
def set_rule(office: str, half: str) -> ResponseReturnValue:
    try:
        assessments.set_rule(g.actor, _office(office), request.form)
    except assessments.BadLimit as error:
        return _page(office, half, request.form, {error.field: errors.sentence(error)}), 422
    kept.drop(url_for("assessments.page", office=office, half=half))
    flash(_("Ukuran penilaian tersimpan."), "success")
    return redirect(url_for("assessments.page", office=office, half=half), 303)


def _office(slug: str) -> Office:
    return offices.find(g.session, g.actor, slug, "report.see")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _page(
    office: str,
    half: str,
    fields: Mapping[str, str],
    wrong: Mapping[str, str],
    *,
    is_draft: bool = False,
) -> str:
    here = _office(office)
    form = assessments.of(g.session, g.actor, here, half)
    rule = form.rule.written()
    return render_template(
        "assessments/page.html",
        form=form,
        rows=[_row(line) for line in form.lines],
        office=here,
        half_words=_half(half),
        halves=[(each, _half(each)) for each in _halves(here, half)],
        choice=periods.Choice(form.period, ""),
        rule={name: fields.get(name, _limit_text(rule[name])) for name in LIMITS},
        rule_words=[_rule(name, rule[name]) for name in LIMITS if rule[name] is not None],
        limits=LIMITS,
        verdicts=VERDICTS,
        may_assess=g.actor.may("sop.assess", here.id),
        fields=fields,
        wrong=wrong,
        is_draft=is_draft,
        limit=assessments.LONGEST,
        now=g.now,
    )


def _halves(office: Office, half: str) -> list[str]:
    known = assessments.latest(offices.today(office, g.now))
    return known if half in known else [half, *known]


def _half(half: str) -> str:
    """`Semester I 2026`"""
    year, _dash, number = half.partition("-")
    return _("Semester %(number)s %(year)s", number="I" if number == "1" else "II", year=year)


def _limit_text(limit: int | None) -> str:
    return "" if limit is None else str(limit)


def _rule(name: str, limit: int | None) -> str:
    return _(LIMITS[name].broken, limit=limit)


# --- the facts in words --------------------------------------------------------------------------


def _row(line: Line) -> Row:
    return Row(line, [_cases(line), *_facts(line)], list(_proposals(line)))


def _cases(line: Line) -> str:
    if not line.total.done:
        return _("Tidak dijalankan dalam semester ini.")
    done, late = line.cases.done, line.cases.late
    if not done:
        return _("Belum ada berkas yang selesai dalam semester ini.")
    share = shares.percent((done - late) / done)
    words = ngettext("%(num)s berkas selesai", "%(num)s berkas selesai", done)
    return _("%(cases)s, %(share)s tepat waktu.", cases=words, share=share)


def _facts(line: Line) -> list[str]:
    return [_fact(found) + _beyond(found) for found in line.findings]


def _fact(found: Finding) -> str:
    step = found.step.name if found.step else ""
    share, facts = shares.percent(found.share), {"some": found.some, "all": found.all}
    if found.kind == "late":
        worst = shares.percent(found.step.late_share if found.step else None)
        return _(
            "%(some)s dari %(all)s langkah terlambat (%(share)s), terbanyak “%(step)s” (%(worst)s)",
            share=share,
            step=step,
            worst=worst,
            **facts,
        )
    if found.kind == "worked":
        return _("“%(step)s” dikerjakan %(share)s dari mutu bakunya", step=step, share=share)
    if found.kind == "returned":
        return _(
            "%(some)s dari %(all)s keputusan mengembalikan berkas (%(share)s)", share=share, **facts
        )
    return ngettext(
        "%(num)s pertanyaan penting tentang SOP ini belum dijawab",
        "%(num)s pertanyaan penting tentang SOP ini belum dijawab",
        found.some,
    )


def _beyond(found: Finding) -> str:
    if not found.is_wrong:
        return "."
    if found.kind == "questions":
        return _("; melewati batas %(limit)s.", limit=found.limit)
    return _("; melewati batas %(limit)s persen.", limit=found.limit)


def _proposals(line: Line) -> list[str]:
    """What may be done about each thing that breaks the rule."""
    broken = [found for found in line.findings if found.is_wrong]
    steps = [each.step.name if each.step else "" for each in broken]
    return [
        _(LIMITS[each.kind].action, step=step) for each, step in zip(broken, steps, strict=True)
    ]
