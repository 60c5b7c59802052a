"""Choose the language, signed in or not; this browser remembers it for a year."""

from typing import Final

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from web.addresses import local
from web.guard import public
from web.i18n import COOKIE, LANGUAGES

blueprint = Blueprint("language", __name__)

_A_YEAR: Final = 365 * 24 * 60 * 60


@blueprint.post("/language")
@public
def choose() -> ResponseReturnValue:
    answer = redirect(local(request.form.get("to")), 303)
    if (chosen := request.form.get("language", "")) in LANGUAGES:
        answer.set_cookie(
            COOKIE, chosen, _A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure
        )
    return answer
