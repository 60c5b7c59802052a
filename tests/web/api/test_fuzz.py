"""Whatever the description allows or forbids, in every mixture: no failure, no broken promise."""

from collections.abc import Callable
from typing import Any, Final

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance
from sqlalchemy import select

from engine import webhooks
from engine.access import MACHINE
from engine.db import EVERYWHERE
from engine.models import Office as Kantor
from tests.web.conftest import Office, Program
from web.api.ground import Route
from web.api.routes import ROUTES

Programs = Callable[..., Program]

SOP: Final = "pengumpulan-dan-pengukuran-data-kinerja"
PEOPLE: Final = ("kasubbag.gambut", "camat.gambut", "perancang.gambut", "pengawas.banjar")
FUZZED: Final = settings(
    max_examples=16,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def described(app: Flask, office: Office) -> Any:
    """The description, as a program gets it from an office with some work in it."""
    app.config["API_RATE"] = 0
    for number in range(3):
        office.claims("kasubbag.gambut", office.starts(f"Berkas {number}"))
    office.starts("Berkas yang menunggu")
    with office.database.transaction(EVERYWHERE) as session:
        ours = session.scalars(select(Kantor).where(Kantor.slug == "gambut")).one()
        facts = ("e-SAKIP", "https://example.org/", webhooks.TOPICS, office.clock())
        webhooks.try_out(session, webhooks.make(session, MACHINE, ours, *facts).id, office.clock())
    document = app.test_client().get("/api/v1/openapi.json").json
    assert document is not None
    # Who may come in is another story: here everybody has a token that holds.
    del document["security"]
    for path in document["paths"].values():
        for operation in path.values():
            del operation["security"]
    schema = schemathesis.openapi.from_dict(document)
    schema.app = app
    return schema


POSITIVE, NEGATIVE = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
# Where a request can be wrong at all: any two words name an SOP.
FALLIBLE: Final = [route for route in ROUTES if route.name != "sops_show"]
NAMED: Final = [route for route in ROUTES if "<" in route.path or route.name == "cases_start"]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_whatever_is_allowed_is_answered_as_described(
    route: Route, described: Any, tokens: list[str]
) -> None:
    @given(case=operation(described, route).as_strategy(generation_mode=POSITIVE))
    @FUZZED
    def keeps(case: Any) -> None:
        # Who is a colleague and where an address leads is no matter of shapes.
        unsaid = [positive_data_acceptance] if route.body or route.takes else []
        case.call_and_validate(headers=headers(case, tokens), excluded_checks=unsaid)

    keeps()


@pytest.mark.parametrize("route", FALLIBLE, ids=lambda route: route.name)
def test_whatever_is_wrong_is_refused_as_described(
    route: Route, described: Any, tokens: list[str]
) -> None:
    @given(case=operation(described, route).as_strategy(generation_mode=NEGATIVE))
    @FUZZED
    def keeps(case: Any) -> None:
        case.call_and_validate(headers=headers(case, tokens))

    keeps()


@pytest.mark.parametrize("route", NAMED, ids=lambda route: route.name)
def test_what_is_really_there_is_worked_on_as_described(
    route: Route, described: Any, tokens: list[str]
) -> None:
    """Numbers and names out of the blue lead nowhere: these lead to the office's own work."""

    @given(case=operation(described, route).as_strategy(generation_mode=POSITIVE))
    @FUZZED
    def keeps(case: Any) -> None:
        names = case.path_parameters or {}
        for name in {"case_id", "task_id", "n"} & names.keys():
            names[name] = 1 + names[name] % 4
        for name in {"webhook_id", "delivery_id"} & names.keys():
            names[name] = 1
        if "office" in names:
            names.update(office="gambut", slug=SOP)
        if route.name == "cases_start":
            case.body["sop"] = f"gambut/{SOP}"
        # What a step or a diagram must say besides is no matter of shapes.
        case.call_and_validate(
            headers=headers(case, tokens), excluded_checks=[positive_data_acceptance]
        )

    keeps()


@pytest.fixture
def tokens(program: Programs) -> list[str]:
    return [program(account).token for account in PEOPLE]


def operation(described: Any, route: Route) -> Any:
    return described[route.template][route.method]


def headers(case: Any, tokens: list[str]) -> dict[str, str]:
    """Now one asks, now another."""
    token = tokens[len(repr(case.body) + repr(case.query)) % len(tokens)]
    return {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
