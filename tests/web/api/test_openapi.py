"""Twin of web/api/openapi.py: the description says all that is served, and nothing else."""

from typing import Any, Final

import pytest
from flask import Flask

from engine import access
from engine.access import SCOPES
from tests.web.conftest import Visitor
from web.api.ground import ROUTES

REF: Final = "#/components/schemas/"


@pytest.fixture
def document(stranger: Visitor) -> Any:
    answer = stranger.opens("/api/v1/openapi.json")
    assert answer.status_code == 200
    return answer.json


def operations(document: Any) -> list[Any]:
    return [each for path in document["paths"].values() for each in path.values()]


def test_every_route_that_is_served_is_described(document: Any, app: Flask) -> None:
    described = {
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method in methods
    }
    assert described == {f"{route.method} {route.template}" for route in ROUTES}
    served = {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD"}
        if rule.rule.startswith("/api/") and rule.endpoint != "api.openapi"
    }
    assert served == {f"{route.method} /api/v1{route.path}" for route in ROUTES}
    assert document["openapi"] == "3.1.0"


def test_every_operation_says_which_token_it_wants_and_how_it_may_be_refused(
    document: Any,
) -> None:
    rights = {route.name: route.right for route in ROUTES}
    for operation in operations(document):
        [needed] = operation["security"]
        assert needed == {"token": [access.scope_of(rights[operation["operationId"]])]}
        assert needed["token"][0] in SCOPES
        assert {"401", "403", "422", "429", "503"} <= operation["responses"].keys()


def test_every_reference_leads_somewhere_and_nothing_lies_unused(document: Any) -> None:
    used = set(references(document["paths"])) | set(references(document["components"]))
    there = {
        f"#/components/{kind}/{name}"
        for kind in ("schemas", "responses")
        for name in document["components"][kind]
    }
    assert used == there


def references(part: Any) -> Any:
    if isinstance(part, dict):
        if "$ref" in part:
            yield part["$ref"]
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from references(each)


def test_what_only_readers_of_the_code_need_is_not_in_it(document: Any) -> None:
    schemas = document["components"]["schemas"]
    assert "description" not in schemas["Task"]
    assert schemas["Task"]["properties"]["case"]["description"] == "Nomor berkas."
    assert set(schemas["TaskList"]["properties"]) == {"items", "next", "count"}


def test_it_speaks_english_to_whoever_chose_it(stranger: Visitor) -> None:
    stranger.client.set_cookie("bahasa", "en")
    answer = stranger.opens("/api/v1/openapi.json")
    assert answer.json is not None
    assert answer.json["paths"]["/cases"]["post"]["summary"].startswith("Start a case")


def test_it_is_not_sent_twice(stranger: Visitor) -> None:
    first = stranger.opens("/api/v1/openapi.json")
    again = stranger.opens("/api/v1/openapi.json", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
