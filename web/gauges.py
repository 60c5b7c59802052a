"""`/metrics` for Prometheus: how Alur is, and how long its answers take.

Only for who asks from this machine or from a network that was named. What the database knows is
asked for once in a while, however many watchers there are.
"""

from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, ip_address
from threading import Lock
from time import monotonic, perf_counter
from typing import Final

from flask import Blueprint, Flask, Response, current_app, g, request
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from werkzeug.exceptions import Forbidden

from engine import upkeep, vitals
from engine.db import EVERYWHERE, Database
from engine.vitals import Vitals
from web.guard import public

blueprint = Blueprint("gauges", __name__)

FRESH_FOR: Final = 15.0  # seconds
TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0)
# Whose time is told apart: what officers wait for; all else together.
_NAMED: Final = frozenset(
    {"inbox.page", "inbox.fresh", "tasks.page", "tasks.claim", "tasks.complete", "cases.page"}
)
_FINISHES: Final = {"tasks.complete": "page", "api.tasks_complete": "program"}
# Said by whatever stands in front: then the address is not the asker's.
_FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Real-IP")


@blueprint.get("/metrics")
@public
def show() -> Response:
    if not _is_watcher():
        raise Forbidden
    registry: CollectorRegistry = current_app.extensions["gauges"]
    return Response(generate_latest(registry), content_type=TYPE)


def _is_watcher() -> bool:
    if any(name in request.headers for name in _FORWARDED):
        return False
    asker = _address(request.remote_addr or "")
    if asker is None:
        return False
    if any(asker in network for network in current_app.config["METRICS_FROM"]):
        return True
    # A proxy that speaks TLS for us may pass the world on without saying so.
    is_direct = asker.is_loopback and not current_app.config["SETTINGS"].tls
    return is_direct and _is_plain(request.host)


def _is_plain(host: str) -> bool:
    """Not by a name that a foreign page may have turned upon this machine."""
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    return name == "localhost" or _address(name.strip("[]")) is not None


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def init_app(app: Flask) -> None:
    registry = CollectorRegistry(auto_describe=False)
    took = Histogram(
        "alur_request_seconds",
        "How long answers took, by page and by what was answered.",
        ["page", "status"],
        buckets=_BUCKETS,
        registry=registry,
    )
    steps = Histogram(
        "alur_step_seconds",
        "How long it took to finish a step and open the next, by a page or by a program.",
        ["by"],
        buckets=_BUCKETS,
        registry=registry,
    )
    registry.register(_House(app))
    app.extensions["gauges"] = registry
    app.before_request(_begin)
    app.after_request(lambda answer: _end(took, steps, answer))


def _begin() -> None:
    g.began = perf_counter()


def _end(took: Histogram, steps: Histogram, answer: Response) -> Response:
    if (began := g.pop("began", None)) is not None:
        seconds, kind = perf_counter() - began, f"{answer.status_code // 100}xx"
        took.labels(_page(), kind).observe(seconds)
        by = _FINISHES.get(request.endpoint or "")
        if by is not None and answer.status_code < HTTPStatus.BAD_REQUEST:
            steps.labels(by).observe(seconds)
    return answer


def _page() -> str:
    endpoint = request.endpoint or ""
    if endpoint in _NAMED:
        return endpoint
    head = endpoint.partition(".")[0]
    return {"api": "api", "static": "static", "health": "health", "gauges": "health"}.get(
        head, "other"
    )


def latest(app: Flask) -> tuple[Vitals, int]:
    """The figures, and the size of the database: as they were a few seconds ago at most."""
    cache: _Cache = app.extensions.setdefault("vitals", _Cache(app))
    return cache.get()


class _Cache:
    """Of many that ask at once, one asks the database."""

    def __init__(self, app: Flask) -> None:
        self._app, self._lock = app, Lock()
        self._known: tuple[float, Vitals, int] | None = None

    def get(self) -> tuple[Vitals, int]:
        with self._lock:
            if self._known is None or monotonic() - self._known[0] > FRESH_FOR:
                self._known = (monotonic(), *self._ask())
            return self._known[1:]

    def _ask(self) -> tuple[Vitals, int]:
        database: Database = self._app.extensions["database"]
        now: datetime = self._app.extensions["clock"]()
        with database.reading(EVERYWHERE) as session:
            return vitals.of(session, now), upkeep.size(database)


class _House(Collector):
    """What the database knows, as Prometheus wants it."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def collect(self) -> Iterator[Metric]:
        known, size = latest(self._app)
        for name, said, value in _plain(known, size):
            yield GaugeMetricFamily(f"alur_{name}", said, value=value)
        cases = GaugeMetricFamily("alur_cases", "Cases that are not over.", labels=["status"])
        cases.add_metric(["running"], known.running)
        cases.add_metric(["suspended"], known.suspended)
        yield cases
        ages = GaugeMetricFamily(
            "alur_chore_age_seconds", "Since a nightly chore was last done.", labels=["chore"]
        )
        for chore in known.chores:
            if chore.done_at is not None:
                ages.add_metric([chore.name], (known.at - chore.done_at).total_seconds())
        yield ages


def _plain(known: Vitals, size: int) -> Iterator[tuple[str, str, float]]:
    silence = known.silence
    yield "tasks_open", "Tasks that wait or are in hand.", known.open_tasks
    yield "tasks_overdue", "Open tasks past their due time, their clocks running.", known.overdue
    yield "tasks_paused", "Open tasks whose clocks stand still.", known.paused
    yield "incidents_open", "Cases that could not go on.", known.incidents
    yield (
        "clock_silence_seconds",
        "Since somebody last kept the time; NaN if nobody ever did.",
        float("nan") if silence is None else silence.total_seconds(),
    )
    yield "clock_lag_seconds", "How late the clock is with what is due.", known.lag.total_seconds()
    yield "notices_waiting", "Notices not weighed yet.", known.notices_waiting
    yield "deliveries_waiting", "Messages on their way out.", known.deliveries_waiting
    yield "deliveries_failed", "Messages given up within a day.", known.deliveries_failed
    yield "webhooks_waiting", "Webhook deliveries on their way.", known.dispatches_waiting
    yield "webhooks_dead", "Webhook deliveries given up within a day.", known.dispatches_dead
    yield "cases_not_following", "Cases with due times of former hours.", known.not_following
    yield "database_bytes", "Size of the database.", size
