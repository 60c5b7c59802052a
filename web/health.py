"""Tell a watcher that the server lives, and that it can work."""

from datetime import datetime

from flask import Blueprint, Response, current_app
from sqlalchemy import Executable, select, text

from engine import heartbeat
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
    """Its tables are there as well, and somebody keeps the time."""
    database: Database = current_app.extensions["database"]
    now: datetime = current_app.extensions["clock"]()
    with database.reading(EVERYWHERE) as session:
        session.execute(select(Office.id).limit(1))
        seen = heartbeat.last(session)
    if seen is None:
        return _silent("the clock has not been seen yet: start alur run or alur clock")
    silence = abs(now - seen)
    if silence >= heartbeat.STILL:
        return _silent(f"the clock has not looked for {int(silence.total_seconds())} s")
    return Response("ok", mimetype="text/plain")


def _silent(said: str) -> Response:
    """Pages work all the same; but nothing falls due, and nobody is told."""
    return Response(said, 503, mimetype="text/plain")


def _ok(query: Executable) -> Response:
    database: Database = current_app.extensions["database"]
    with database.reading(EVERYWHERE) as session:
        session.execute(query)
    return Response("ok", mimetype="text/plain")
