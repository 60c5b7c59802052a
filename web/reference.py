"""The API for those who write programs: every address, what it takes and what it gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, render_template

from engine import access
from web import i18n
from web.api import openapi
from web.api.ground import ROUTES, Route
from web.guard import allow

blueprint = Blueprint("reference", __name__)

_REF: Final = "#/components/schemas/"


@dataclass(frozen=True)
class Field:
    """A line of a table: a name, what it must be, and what it means."""

    name: str
    kind: str
    shape: str | None
    required: bool
    said: str


@dataclass(frozen=True)
class Part:
    """All of one resource."""

    name: str
    title: str
    routes: Sequence["Described"]


@dataclass(frozen=True)
class Described:
    """One route with all that its page shows."""

    route: Route
    scope: str
    operation: Any
    asked: Sequence[Field]
    body: str | None
    gives: str | None


@blueprint.get("/reference")
@allow("self")
def page() -> str:
    document = openapi.document(i18n.language())
    shapes = document["components"]["schemas"]
    return render_template(
        "reference/page.html",
        parts=[_part(name, said, document) for name, said in openapi.TAGS.items()],
        shapes={name: _fields(schema) for name, schema in shapes.items()},
        said=openapi.SAID,
        about=document["info"]["description"],
    )


def _part(name: str, title: str, document: Any) -> Part:
    mine = [route for route in ROUTES if route.name.startswith(f"{name}_")]
    return Part(name, title, [_described(route, document) for route in mine])


def _described(route: Route, document: Any) -> Described:
    operation = document["paths"][route.template][route.method.lower()]
    asked = [
        _field(each["name"], each["schema"], each["required"], each.get("description", ""))
        for each in operation["parameters"]
    ]
    sent = operation.get("requestBody", {}).get("content", {})
    given = operation["responses"][str(route.status)].get("content", {})
    scope = access.scope_of(route.right)
    return Described(route, scope, operation, asked, _content(sent), _content(given))


def _content(content: Any) -> str | None:
    """The shape of a body, or its media type where it is no JSON."""
    for kind, held in content.items():
        found: str = held["schema"].get("$ref", kind)
        return found.removeprefix(_REF)
    return None


def _fields(schema: Any) -> list[Field]:
    required = schema.get("required", ())
    return [
        _field(name, part, name in required, _said(part))
        for name, part in schema.get("properties", {}).items()
    ]


def _said(schema: Any) -> str:
    """What a field means, also where only its one kind says so."""
    inner = (each.get("description", "") for each in schema.get("anyOf", ()))
    return schema.get("description") or next(filter(None, inner), "")


def _field(name: str, schema: Any, required: bool, said: str) -> Field:
    return Field(name, kind(schema), _shape(schema), required, said)


def kind(schema: Any) -> str:
    """What a value must be, in the words of JSON: `string 1–200`, `Task[]`, `integer | null`."""
    if "anyOf" in schema:
        return " | ".join(kind(each) for each in schema["anyOf"])
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(_REF)
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"{kind(schema['items'])}[]"
    return _plain(schema)


def _plain(schema: Any) -> str:
    named = schema.get("format") or schema.get("type", "any")
    if isinstance(named, list):
        return " | ".join(named)
    least = schema.get("minLength", schema.get("minimum"))
    most = schema.get("maxLength", schema.get("maximum"))
    if most is not None and most < 10**9:
        return f"{named} {least or 0}–{most}"
    return str(named)


def _shape(schema: Any) -> str | None:
    """Which of our shapes a field holds, to lead to it."""
    for each in (schema, schema.get("items", {}), *schema.get("anyOf", ())):
        if "$ref" in each:
            return str(each["$ref"]).removeprefix(_REF)
    return None
