"""Twin of web/reference.py: who writes a program finds every address, and where each word leads."""

import re
from collections.abc import Callable

import pytest

from tests.web.conftest import Visitor, seen
from web import reference
from web.api.ground import ROUTES


def test_every_route_stands_there_with_the_token_it_wants(
    visitor: Callable[[str], Visitor],
) -> None:
    page = seen(visitor("camat.gambut").opens("/reference"))
    for route in ROUTES:
        assert f"{route.method} {route.template} {route.says}" in page
    assert "POST /tasks/{task_id}/completion" in page


def test_every_link_of_the_page_leads_somewhere_on_it(
    visitor: Callable[[str], Visitor],
) -> None:
    page = visitor("camat.gambut").opens("/reference").text
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"type": "string", "minLength": 1, "maxLength": 200}, "string 1–200"),
        ({"type": "string", "format": "date-time"}, "date-time"),
        ({"type": "integer", "minimum": 1}, "integer"),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "integer | null"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Task"}}, "Task[]"),
        ({"enum": ["done", "open"]}, "done | open"),
        ({"type": ["null", "boolean"]}, "null | boolean"),
        ({}, "any"),
    ],
)
def test_a_kind_is_said_in_the_words_of_json(schema: object, said: str) -> None:
    assert reference.kind(schema) == said
