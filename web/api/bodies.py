"""Read what a program sends: JSON or a query, checked against its shape, every mistake at once."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from math import isfinite
from types import NoneType
from typing import Annotated, Any, Final, NoReturn, TypeVar, get_args, get_origin

import msgspec
from flask import request
from msgspec.structs import fields

from bpmn.errors import N_, AlurError
from web.api.refusals import BadFields, Refusal, WrongType
from web.api.shapes import Asked

A = TypeVar("A", bound=Asked)

LARGEST: Final = 512 * 1024
DEEPEST: Final = 40
_JSON: Final = "application/json"
_UNFIT: Final = re.compile("[\x00\ud800-\udfff]")


class FieldProblem(AlurError):
    """What is wrong with one field."""


class Missing(FieldProblem):
    sentence = N_("Wajib diisi.")


class Unknown(FieldProblem):
    sentence = N_("Isian ini tidak dikenal.")


class Twice(FieldProblem):
    sentence = N_("Isian ini disebut lebih dari sekali.")


class Unfit(FieldProblem):
    sentence = N_("Memuat karakter yang tidak dapat disimpan.")


class NotA(FieldProblem):
    """Not what is wanted."""


class NotText(NotA):
    sentence = N_("Harus berupa teks, %(least)s sampai %(most)s huruf.")


class NotANumber(NotA):
    sentence = N_("Harus berupa bilangan bulat, %(least)s sampai %(most)s.")


class NotOneOf(NotA):
    sentence = N_("Harus salah satu dari: %(known)s.")


class NotAList(NotA):
    sentence = N_("Harus berupa daftar, berisi: %(known)s.")


class NotAnObject(NotA):
    sentence = N_("Harus berupa objek JSON.")


class NotYesOrNo(NotA):
    sentence = N_("Harus true atau false.")


class NotAnInstant(NotA):
    sentence = N_("Harus waktu dengan zonanya, misalnya 2026-03-12T09:00:00+08:00.")


def body(shape: type[A]) -> A:
    """The body as this shape, or a refusal that names everything that is wrong with it."""
    if request.mimetype != _JSON and not request.mimetype.endswith("+json"):
        raise WrongType(wanted=_JSON)
    return _shaped(_read(request.get_data(cache=True)), shape, strict=True)


def query(shape: type[A]) -> A:
    """The query of the address as this shape."""
    lists = request.args.lists()
    twice = {_printable(name): Twice() for name, values in lists if len(values) > 1}
    if twice:
        raise BadFields(twice)
    return _shaped(request.args.to_dict(), shape, strict=False)


# --- JSON ----------------------------------------------------------------------------------------


class NotJson(Refusal):
    """Bytes that no two programs would read alike."""


class NotUtf8(NotJson):
    sentence = N_("Isi permintaan bukan teks UTF-8.")


class BadSyntax(NotJson):
    sentence = N_("Isi permintaan bukan JSON yang sah: periksa baris %(line)s, kolom %(column)s.")


class KeyTwice(NotJson):
    sentence = N_("Kunci “%(key)s” disebut lebih dari sekali dalam satu objek JSON.")


class NoSuchNumber(NotJson):
    sentence = N_("Isi permintaan memuat angka yang tidak ada dalam JSON atau terlalu besar.")


class TooDeep(NotJson):
    sentence = N_("Isi permintaan bertingkat terlalu dalam: paling banyak %(most)s tingkat.")


class UnfitText(NotJson):
    sentence = N_("Isi permintaan memuat karakter yang tidak dapat disimpan.")


def _read(data: bytes) -> Any:
    try:
        value = json.loads(
            data.decode(),
            object_pairs_hook=_object,
            parse_constant=_refuse_number,
            parse_float=_number,
        )
    except UnicodeDecodeError as wrong:
        raise NotUtf8 from wrong
    except RecursionError as wrong:
        raise TooDeep(most=DEEPEST) from wrong
    except json.JSONDecodeError as wrong:
        raise BadSyntax(line=wrong.lineno, column=wrong.colno) from wrong
    except ValueError as wrong:  # an integer of thousands of digits
        raise NoSuchNumber from wrong
    _refuse_unfit(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A key twice means one thing to us and another to whoever checked it before us."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        raise KeyTwice(key=next(name for name in found if names.count(name) > 1)[:80])
    return found


def _refuse_number(_name: str) -> NoReturn:
    raise NoSuchNumber


def _number(text: str) -> float:
    if not isfinite(number := float(text)):
        raise NoSuchNumber
    return number


def _refuse_unfit(value: Any, depth: int = 1) -> None:
    """What PostgreSQL takes nowhere: NUL, and half a character."""
    if isinstance(value, str) and _UNFIT.search(value):
        raise UnfitText
    if not isinstance(value, dict | list):
        return
    if depth > DEEPEST:
        raise TooDeep(most=DEEPEST)
    if isinstance(value, dict):
        value = [*value, *value.values()]
    for each in value:
        _refuse_unfit(each, depth + 1)


# --- shapes --------------------------------------------------------------------------------------


def _shaped(sent: Any, shape: type[A], *, strict: bool) -> A:
    if not isinstance(sent, dict):
        raise BadFields({"": NotAnObject()})
    wrong = dict(_wrongs(sent, shape, strict=strict))
    if wrong:
        raise BadFields(wrong)
    kinds = {field.encode_name: _said(field.type, strict) for field in fields(shape)}
    return shape(
        **{name: msgspec.convert(value, kinds[name], strict=strict) for name, value in sent.items()}
    )


def _said(kind: Any, strict: bool) -> Any:
    """What a value must be: in an address nothing is said by leaving it out, not by `null`."""
    inner = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    if strict or NoneType not in get_args(inner):
        return kind
    [other] = [each for each in get_args(inner) if each is not NoneType]
    return other


def _wrongs(
    sent: Mapping[str, Any], shape: type[Asked], *, strict: bool
) -> Iterator[tuple[str, AlurError]]:
    known = {field.encode_name: field for field in fields(shape)}
    for name in sent.keys() - known.keys():
        yield _printable(name), Unknown()
    for name, field in known.items():
        if name not in sent:
            if field.required:
                yield name, Missing()
        elif (problem := _wrong(sent[name], _said(field.type, strict), strict=strict)) is not None:
            yield name, problem


def _wrong(value: Any, wanted: Any, *, strict: bool) -> AlurError | None:
    if isinstance(value, str) and _UNFIT.search(value):
        return Unfit()
    try:
        kept = msgspec.convert(value, wanted, strict=strict)
        if isinstance(kept, datetime):
            kept.astimezone(UTC)  # before the first or after the last year: OverflowError
    except (msgspec.ValidationError, OverflowError):
        return _wish(msgspec.json.schema(wanted))
    return None


def _wish(schema: Mapping[str, Any]) -> AlurError:
    """What would have been right, told from the field's own description."""
    for each in schema.get("anyOf", ()):
        if each.get("type") != "null":
            return _wish(each)
    if "enum" in schema:
        return NotOneOf(known=", ".join(str(one) for one in schema["enum"] if one is not None))
    if schema.get("format") == "date-time":
        return NotAnInstant()
    if schema.get("type") == "array":
        return NotAList(known=", ".join(map(str, schema["items"].get("enum", ()))) or "teks")
    if schema.get("type") == "integer":
        least, most = schema.get("minimum", "…"), schema.get("maximum", "…")
        return NotANumber(least=least, most=most)
    if schema.get("type") == "string":
        return NotText(least=schema.get("minLength", 0), most=schema.get("maxLength", "…"))
    return {"boolean": NotYesOrNo}.get(schema.get("type", ""), NotAnObject)()


def _printable(name: str) -> str:
    """As somebody may be shown it: another program wrote it."""
    return "".join(char if char.isprintable() else "·" for char in name[:80])
