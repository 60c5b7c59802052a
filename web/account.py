"""One's own account: what one is here, another password, the language."""

from typing import Final

import orjson
from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from bpmn.errors import N_, AlurError
from engine import absencebook, accountbook, accounts, offices, people, persondata
from engine.accountbook import AccountView
from engine.db import EVERYWHERE, Database
from engine.models import Person
from web import credentials, errors, ticket
from web.addresses import local
from web.guard import SAFE, ChangeFirst, allow
from web.i18n import _

blueprint = Blueprint("account", __name__)

EVENTS: Final = {
    "opened": N_("Akun dibuat"),
    "changed": N_("Kata sandi diganti"),
    "reset": N_("Kata sandi baru dibuatkan"),
    "signed out": N_("Semua sesi diakhiri"),
    "closed": N_("Akun ditutup"),
    "granted": N_("Peran diberikan"),
    "revoked": N_("Peran dicabut"),
    "erased": N_("Data pribadi dihapus"),
}
ROLES: Final = {
    "perancang": N_("Perancang SOP"),
    "pengawas": N_("Pengawas"),
    "admin": N_("Administrator"),
    "sistem": N_("Program lain"),
}
# Where nobody holds a post, it is told by the capital's clock.
_USUAL_ZONE: Final = "Asia/Jakarta"


class WrongCurrent(AlurError):
    sentence = N_("Kata sandi sekarang tidak cocok.")
    status = 422
    field = "current_password"


class NotTwice(AlurError):
    sentence = N_("Kedua kata sandi baru tidak sama. Ketik lagi keduanya.")
    status = 422
    field = "again_password"


@blueprint.get("/account")
@allow("self")
def page() -> str:
    person = g.session.get_one(Person, g.actor.person_id)
    shown = accountbook.view(g.session, person, g.now)
    return render_template(
        "account/page.html",
        shown=shown,
        roles=ROLES,
        zone=zone_of(shown),
        offices={office.id: office for office in offices.of(g.session, g.actor)},
        away=absencebook.of_person(g.session, person.id, g.now),
        happened=EVENTS,
        now=g.now,
    )


@blueprint.get("/account/data.json")
@allow("self")
def data() -> Response:
    """All that is known of her, for her to keep."""
    person = g.session.get_one(Person, g.actor.person_id)
    known = persondata.of(g.session, person, g.now)
    option = orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z
    answer = Response(orjson.dumps(known, option=option), mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="data-saya.json"'
    return answer


def zone_of(shown: AccountView) -> str:
    return next((place.office.zone for place in shown.posts), _USUAL_ZONE)


@blueprint.get("/account/password")
@allow("self", early=True)
def password() -> str:
    return _page({})


@blueprint.post("/account/password")
@allow("self", form="account.password", early=True, apart=True)
def change() -> ResponseReturnValue:
    typed = [request.form.get(f"{name}_password", "") for name in ("current", "new", "again")]
    try:
        hashed = _checked(*typed)
    except (people.SignInError, people.BadPassword, AlurError) as error:
        return _refused(error)
    database: Database = current_app.extensions["database"]
    with database.transaction(EVERYWHERE) as session:
        person = accounts.change(session, g.actor.person_id, hashed, g.now)
    # Whoever else came in as her is out; she stays.
    ticket.issue(person, g.now)
    flash(_("Kata sandi Anda sudah diganti. Sesi di perangkat lain berakhir."), "success")
    return redirect(local(request.form.get("to"), url_for("account.page")), 303)


def _checked(current: str, new: str, again: str) -> str:
    """The hash of what she chose, if she knows what it was before."""
    people.check_new_password(new)
    if new != again:
        raise NotTwice
    try:
        credentials.checked(g.actor.account, current)
    except people.WrongPassword as wrong:
        raise WrongCurrent from wrong
    if new == current:
        raise accounts.SamePassword
    return people.hash_password(new)


def _refused(error: AlurError) -> ResponseReturnValue:
    usual = "new_password" if isinstance(error, people.BadPassword) else "current_password"
    wrong = {getattr(error, "field", usual): errors.sentence(error)}
    answer = current_app.make_response(_page(wrong))
    answer.status_code = getattr(error, "status", 422)
    return errors.with_patience(answer)


def _page(wrong: dict[str, str]) -> str:
    to = request.form.get("to") or request.args.get("to")
    return render_template(
        "account/password.html",
        wrong=wrong,
        to=local(to, url_for("account.page")),
        is_first="to" in request.args or request.form.get("first") == "1",
        shortest=people.SHORTEST_PASSWORD,
        longest=people.LONGEST_PASSWORD,
    )


@blueprint.app_errorhandler(ChangeFirst)
def ask_for_a_password(error: ChangeFirst) -> ResponseReturnValue:
    """Nothing else is open to her before; then she goes where she wanted to."""
    if g.rule.data:
        return errors.explain(error)
    wanted = request.full_path.rstrip("?") if request.method in SAFE else "/"
    return redirect(url_for("account.password", to=wanted), 303)
