"""Tell a watcher that the server lives, and that it can work."""

from flask import Blueprint, Response, current_app
from sqlalchemy import Executable, select, text

from engine.db import EVERYWHERE, Database
from engine.models import Office
from web.guard import public

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def alive() -> Response:
    """The server answers and reaches its database."""
    return _ok(text("SELECT 1"))


@blueprint.get("/readyz")
@public
def ready() -> Response:
    """Its tables are there as well."""
    return _ok(select(Office.id).limit(1))


def _ok(query: Executable) -> Response:
    database: Database = current_app.extensions["database"]
    with database.reading(EVERYWHERE) as session:
        session.execute(query)
    return Response("ok", mimetype="text/plain")
