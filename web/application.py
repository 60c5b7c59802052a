"""Put the application together: settings, parts, routes, and the guard that checks them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from flask import Flask, current_app, g, request
from flask.sessions import SecureCookieSessionInterface
from werkzeug.routing import IntegerConverter

from engine import clock as real_time
from engine.db import Database
from engine.settings import Settings
from tasks import channels
from web import (
    absences,
    account,
    assessments,
    batches,
    bulk,
    calendars,
    cases,
    changes,
    comments,
    comparison,
    csrf,
    decrees,
    deliveries,
    documents,
    errors,
    exports,
    filling,
    forms,
    fresh,
    gauges,
    guard,
    hands,
    headers,
    health,
    hours,
    i18n,
    inbox,
    ladders,
    language,
    lateness,
    live,
    monitor,
    notices,
    office_settings,
    offices,
    operations,
    oversight,
    people,
    posts,
    preferences,
    reasons,
    reference,
    reportfiles,
    reports,
    secret,
    session,
    sops,
    starting,
    static_files,
    steering,
    tasks,
    ticket,
    times,
    tokens,
    vacancies,
    wall,
    webhooks,
)
from web.api import routes as api

LARGEST_FORM: Final = 1024 * 1024


def build(settings: Settings, database: Database | None, clock: Callable[[], datetime]) -> Flask:
    """The application, on the database of the settings unless it is handed another."""
    app = Flask("web", static_folder=None)
    app.extensions.update(database=database or Database(settings.url), clock=clock)
    _configure(app, settings)
    for part in (gauges, static_files, i18n, times, errors, headers, api, notices):
        part.init_app(app)
    app.view_functions["static"] = guard.public(app.view_functions["static"])
    for blueprint in (
        session,
        language,
        inbox,
        bulk,
        tasks,
        lateness,
        filling,
        hands,
        fresh,
        comments,
        documents,
        exports,
        cases,
        starting,
        batches,
        sops,
        live,
        monitor,
        oversight,
        wall,
        comparison,
        assessments,
        reports,
        reportfiles,
        steering,
        offices,
        office_settings,
        ladders,
        reasons,
        calendars,
        hours,
        changes,
        decrees,
        posts,
        absences,
        vacancies,
        people,
        account,
        tokens,
        reference,
        notices,
        preferences,
        deliveries,
        webhooks,
        health,
        gauges,
        operations,
        api,
    ):
        app.register_blueprint(blueprint.blueprint)
    guard.init_app(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=secret.key(settings.data),
        DOCUMENTS=settings.data / "dokumen",
        API_RATE=settings.api_rate,
        NETWORKS=settings.networks,
        METRICS_FROM=settings.metrics_from,
        SETTINGS=settings,
        CHANNELS=channels.opened(settings),
        SESSION_COOKIE_NAME="alur",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # The ticket itself says when a session ends; this is the second lock behind it.
        PERMANENT_SESSION_LIFETIME=ticket.LONGEST,
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        PROVIDE_AUTOMATIC_OPTIONS=False,
    )
    app.session_interface = _Cookie()
    app.url_map.converters["number"] = _Number
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.globals.update(csrf_token=csrf.token)
    app.context_processor(_whoever_asks)
    if settings.tls:
        app.wsgi_app = _behind_tls(app.wsgi_app)  # type: ignore[method-assign]


class _Cookie(SecureCookieSessionInterface):
    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


class _Number(IntegerConverter):
    """A row's number: what has more digits than any database counts is no address of ours."""

    regex = r"\d{1,18}"


def _whoever_asks() -> dict[str, Any]:
    here = request.full_path.rstrip("?") if request.method == "GET" else forms.page()
    training = current_app.extensions["clock"]() if real_time.offset() else None
    return {"actor": g.get("actor"), "current_page": here or "/", "training": training}


def _behind_tls(application: Callable[..., Any]) -> Callable[..., Any]:
    """A proxy in front speaks TLS for us: what we answer must say so."""

    def answer(environ: dict[str, Any], start: Any) -> Any:
        environ["wsgi.url_scheme"] = "https"
        return application(environ, start)

    return answer
