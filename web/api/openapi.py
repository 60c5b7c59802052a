"""Describe the API in OpenAPI 3.1: read off the routes, so that it cannot say anything else."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import version
from types import NoneType
from typing import Any, Final, get_args, get_origin

import msgspec
from flask import Response

from bpmn.errors import N_
from engine import access
from web import i18n
from web.api import answers, problems
from web.api.answers import Made
from web.api.ground import NAME, ROUTES, Route, blueprint
from web.api.shapes.problems import Problem
from web.guard import public
from web.i18n import _

_REF: Final = "#/components/schemas/{name}"
_EVERYWHERE: Final = (401, 403, 422, 429, 503)
_MOST_NUMBER: Final = 10**18 - 1

TAGS: Final[Mapping[str, str]] = {
    "offices": N_("Kantor"),
    "sops": N_("SOP dan revisinya"),
    "cases": N_("Berkas"),
    "tasks": N_("Tugas"),
    "escalations": N_("Eskalasi"),
    "webhooks": N_("Webhook"),
}
SAID: Final[Mapping[int, str]] = {
    200: N_("Berhasil."),
    201: N_("Berhasil; alamat yang baru ada pada kepala Location."),
    202: N_("Diterima, dan dikirim sebentar lagi."),
    204: N_("Berhasil, tanpa isi."),
    304: N_("Tidak berubah sejak ETag yang disebut If-None-Match."),
    400: N_("Isi atau kepala permintaan tidak dapat dibaca."),
    401: N_("Tanpa token, atau token tidak berlaku."),
    403: N_("Pemilik token tidak berhak, atau token tidak dibuat untuk ini."),
    404: N_("Tidak ada, atau milik kantor lain."),
    409: N_("Keadaannya tidak mengizinkan: sudah diambil, selesai, atau ditangguhkan."),
    412: N_("Sudah berubah sejak ETag yang disebut If-Match."),
    413: N_("Isi permintaan terlalu besar."),
    415: N_("Jenis isi permintaan tidak dikenal."),
    422: N_("Ada isian yang salah; errors menyebut isian dan sebabnya."),
    429: N_("Terlalu sering; coba lagi setelah Retry-After."),
    503: N_("Penyimpanan data sedang tidak dapat dipakai; coba lagi."),
}
_IN_PATH: Final[Mapping[str, str]] = {
    "office": N_("Nama alamat kantor, dipakai di mana-mana."),
    "slug": N_("Nama alamat SOP."),
    "n": N_("Nomor revisi."),
    "case_id": N_("Nomor berkas."),
    "task_id": N_("Nomor tugas."),
    "webhook_id": N_("Nomor webhook."),
    "delivery_id": N_("Nomor kiriman."),
}
_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
}
# What JSON can hold of a step's or a case's data, for `formdata` to keep it.
_NAMES: Final = {
    "pattern": "^(?!__)(?!(typename|outcome|reason)$)[A-Za-z_][A-Za-z0-9_-]{0,63}$",
}
_TEXT: Final = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]*$"
_ANY_TEXT: Final = r"^[^\u0000]*$"
_VALUE: Final = {
    "anyOf": [
        {"type": ["null", "boolean"]},
        {"type": "number", "minimum": -(10**18), "maximum": 10**18},
        {"type": "string", "pattern": _TEXT},
        {"type": "array", "items": {"$ref": "#/components/schemas/Value"}},
        {"$ref": "#/components/schemas/Data"},
    ]
}
_DATA: Final = {
    "type": "object",
    "propertyNames": _NAMES,
    "additionalProperties": {"$ref": "#/components/schemas/Value"},
}


@public
def show() -> Response:
    answer = Response(msgspec.json.encode(document(i18n.language())), mimetype=answers.JSON)
    return answers.tagged(answer, answers.tag(answer.get_data()))


blueprint.add_url_rule("/openapi.json", "openapi", show, methods=["GET"])


@cache
def document(_language: str) -> dict[str, Any]:
    """The whole description, in the language that is spoken as it is made."""
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        place = paths.setdefault(route.template, {})
        place[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Alur",
            "version": version("alur"),
            "description": _(
                "Pekerjaan yang sama seperti pada halaman, untuk program lain. ETag setiap "
                "jawaban dapat dikirim kembali sebagai If-None-Match (304 bila tidak berubah), "
                "dan pada perubahan sebagai If-Match (412 bila sudah berubah)."
            ),
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "tags": [{"name": name, "description": _(said)} for name, said in TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(_shapes().items())),
            "responses": {f"Problem{status}": _problem(status) for status in SAID if status >= 400},
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": _("Token API: dari halaman Token saya, atau alur token AKUN."),
                }
            },
        },
    }


def _shapes() -> dict[str, Any]:
    wanted = [kind for route in ROUTES for kind in (shape(route), route.body) if kind is not None]
    _found, components = msgspec.json.schema_components([*wanted, Problem], ref_template=_REF)
    told = {_plain(name): _told(schema) for name, schema in components.items()}
    for route in ROUTES:
        if route.body is not None:
            _keep_out_nul(told[route.body.__name__])
    return {**told, "Data": _DATA, "Value": _VALUE}


def _keep_out_nul(schema: Any) -> None:
    """The one character that no text may hold which a program sends."""
    if isinstance(schema, list):
        schema = dict(enumerate(schema))
    if not isinstance(schema, dict):
        return
    if schema.get("type") == "string" and not {"enum", "format", "pattern"} & schema.keys():
        schema["pattern"] = _ANY_TEXT
    for each in schema.values():
        _keep_out_nul(each)


def shape(route: Route) -> Any:
    """The shape of a good answer; nothing where there is no content, or none of ours."""
    given = get_args(route.gives)[0] if get_origin(route.gives) is Made else route.gives
    return None if given in (None, NoneType, Response) else given


def _plain(name: str) -> str:
    """`Listed_Task_` is called `TaskList`."""
    found = re.fullmatch(r"Listed_(\w+?)_", name)
    return f"{found[1]}List" if found else name


def _told(schema: Any) -> Any:
    """In the reader's language; what a class says of itself is for whoever reads the code."""
    if isinstance(schema, list):
        return [_told(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    told = {name: _told(value) for name, value in schema.items()}
    if isinstance(said := told.get("description"), str):
        told["description"] = _(said)
    if isinstance(told.get("$ref"), str):
        told["$ref"] = "#/components/schemas/" + _plain(told["$ref"].rpartition("/")[2])
    if told.get("type") == "object" and "properties" in told:
        told.pop("description", None)
        told["title"] = _plain(told["title"])
    return told


# --- one operation -------------------------------------------------------------------------------


def _operation(route: Route) -> dict[str, Any]:
    scope = access.scope_of(route.right)
    operation = {
        "operationId": route.name,
        "tags": [route.name.partition("_")[0]],
        "summary": _(route.says),
        "security": [{"token": [scope]}],
        "parameters": [*_in_path(route), *_in_query(route), *_in_headers(route)],
        "responses": {str(status): _response(route, status) for status in statuses(route)},
    }
    if route.takes or route.body:
        operation["requestBody"] = _request(route)
    return operation


def statuses(route: Route) -> list[int]:
    """All that a route may answer."""
    found = {route.status, *_EVERYWHERE, *route.refuses}
    if "<" in route.path or {"office", "sop", "after"} & {name for name, _field in query(route)}:
        found.add(404)
    if route.body or route.takes:
        found |= {400, 413, 415}
    return sorted(found | ({400} if route.changes else {304}))


def query(route: Route) -> list[tuple[str, Any]]:
    """What the address may say after `?`, with the schema of each word."""
    return [
        (field.encode_name, _unless_null(msgspec.json.schema(field.type)) | _default(field))
        for field in msgspec.structs.fields(route.query)
    ]


def _default(field: Any) -> dict[str, Any]:
    given = field.default
    return {} if given in (msgspec.NODEFAULT, None, "") else {"default": given}


def _unless_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A word of an address is left out, never null."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind.get("type") != "null"]
    found = {**schema, **kinds[0]} if len(kinds) == 1 else dict(schema)
    found.pop("anyOf", None)
    _keep_out_nul(found)
    if None in found.get("enum", ()):
        found["enum"] = [value for value in found["enum"] if value is not None]
    return found


def _in_path(route: Route) -> Iterator[dict[str, Any]]:
    for kind, name in NAME.findall(route.path):
        number = {"type": "integer", "minimum": 0, "maximum": _MOST_NUMBER}
        schema = number if kind == "number" else {"type": "string", "minLength": 1}
        said = {"description": _(_IN_PATH[name])}
        yield {"name": name, "in": "path", "required": True, **said, "schema": schema}


def _in_query(route: Route) -> Iterator[dict[str, Any]]:
    for name, schema in query(route):
        said = schema.pop("description", "")
        told = {"description": _(said)} if said else {}
        yield {"name": name, "in": "query", "required": False, **told, "schema": schema}


def _in_headers(route: Route) -> Iterator[dict[str, Any]]:
    if route.changes:
        said = N_("Kunci pilihan Anda: kiriman kedua dengan kunci yang sama hanya dijawab lagi.")
        yield {**_KEY, "description": _(said)}


def _request(route: Route) -> dict[str, Any]:
    if route.takes:
        content = {route.takes: {"schema": {"type": "string"}}}
    else:
        content = {answers.JSON: {"schema": _reference(route.body)}}
    return {"required": not route.bare, "content": content}


def _problem(status: int) -> dict[str, Any]:
    content = {problems.TYPE: {"schema": _reference(Problem)}}
    return {"description": _(SAID[status]), "content": content}


def _response(route: Route, status: int) -> dict[str, Any]:
    if status >= 400:
        return {"$ref": f"#/components/responses/Problem{status}"}
    told: dict[str, Any] = {"description": _(SAID[status])}
    if status == route.status and status != 204:
        kind = shape(route)
        schema = _reference(kind) if kind is not None else {"type": "string"}
        told["content"] = {route.gives_type: {"schema": schema}}
    return told


def _reference(kind: Any) -> dict[str, Any]:
    [schema], _components = msgspec.json.schema_components([kind], ref_template=_REF)
    return {"$ref": _told(schema)["$ref"]}
