"""All routes of the API together; each resource adds its own as it is imported."""

from flask import Flask, Response, request

from web.api import cases, door, escalations, offices, openapi, problems, sops, tasks, webhooks
from web.api.ground import ROUTES, blueprint
from web.api.rates import Meter

__all__ = ["ROUTES", "blueprint", "init_app"]

RESOURCES = (offices, sops, cases, tasks, escalations, webhooks)
_DESCRIBED = openapi


def init_app(app: Flask) -> None:
    app.extensions["meter"] = Meter(app.extensions["database"])
    app.after_request(_tell_the_standing)


def _tell_the_standing(answer: Response) -> Response:
    return door.with_standing(answer) if problems.is_wanted() and request.endpoint else answer
