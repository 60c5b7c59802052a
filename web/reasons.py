"""The reasons an office lets people choose from when a step was late."""

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import offices
from engine.models import Office
from tasks import excuses, reasons
from tasks.reasons import ListChanged, ListError
from web import errors, kept
from web.guard import allow
from web.i18n import _

blueprint = Blueprint("reasons", __name__, url_prefix="/offices/<office>/reasons")

# Room for so many more than there are.
_SPARE: Final = 3


@blueprint.get("")
@allow("office.furnish")
def page(office: str) -> str:
    here = _office(office)
    fields, is_draft = kept.fields()
    return _page(here, fields or _written(here), {}, is_draft=is_draft)


@blueprint.post("")
@allow("office.furnish", form="reasons.page")
def choose(office: str) -> ResponseReturnValue:
    here, form = _office(office), request.form
    rows = [(form.get(f"code-{n}", ""), form.get(f"text-{n}", "")) for n in range(_room(form))]
    try:
        reasons.choose(g.session, g.actor, here, rows, form.get("seen", ""), g.now)
    except ListChanged as error:
        return _page(here, _written(here), {"text-0": errors.sentence(error)}), error.status
    except ListError as error:
        return _page(here, form, {error.field: errors.sentence(error)}), error.status
    kept.drop(url_for("reasons.page", office=office))
    flash(_("Daftar alasan terlambat disimpan."), "success")
    return redirect(url_for("reasons.page", office=office), 303)


def _office(slug: str) -> Office:
    return offices.find(g.session, g.actor, slug, "office.furnish")


def _written(office: Office) -> dict[str, str]:
    """The list in force as the form would have sent it."""
    fields = {"seen": reasons.mark(office)}
    for number, each in enumerate(reasons.chosen(office)):
        fields |= {f"code-{number}": each["code"], f"text-{number}": each["text"]}
    return fields


def _room(fields: Mapping[str, str]) -> int:
    """How many rows were filled in, and some more."""
    numbers = range(reasons.MOST + _SPARE)
    last = max((n for n in numbers if fields.get(f"text-{n}", "").strip()), default=-1)
    return min(last + 1 + _SPARE, reasons.MOST + _SPARE)


def _page(
    office: Office, fields: Mapping[str, str], wrong: Mapping[str, str], *, is_draft: bool = False
) -> str:
    return render_template(
        "reasons/page.html",
        office=office,
        fields=fields,
        rows=range(_room(fields)),
        other=excuses.USUAL[-1]["text"],
        wrong=wrong,
        is_draft=is_draft,
        limit=reasons.LONGEST,
    )
