"""Twin of web/api/bodies.py: whatever a program sends, it is told what is wrong with it."""

import gzip
from collections.abc import Callable
from typing import Any

import pytest

from tests.web.conftest import Office, Program

Programs = Callable[..., Program]

SOP = "gambut/pengumpulan-dan-pengukuran-data-kinerja"
JSON = {"Content-Type": "application/json"}


def refused(program: Programs, body: bytes | str, headers: dict[str, str] = JSON) -> Any:
    answer = program("kasubbag.gambut").asks("POST", "/cases", data=body, headers=headers)
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert answer.json["status"] == answer.status_code
    return answer.json


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("", "bad-syntax"),
        ("{", "bad-syntax"),
        ("{'sop': 1}", "bad-syntax"),
        ('{"a": 1} {"b": 2}', "bad-syntax"),
        (b"\xff\xfe{", "not-utf8"),
        (b'\xef\xbb\xbf{"sop": ""}', "bad-syntax"),
        ('{"title": "a", "title": "b"}', "key-twice"),
        ('{"data": {"a": 1, "a": 2}}', "key-twice"),
        ('{"data": {"a": NaN}}', "no-such-number"),
        ('{"data": {"a": -Infinity}}', "no-such-number"),
        ('{"data": {"a": 1e999}}', "no-such-number"),
        ('{"data": {"a": ' + "9" * 5_000 + "}}", "no-such-number"),
        ("[" * 100_000, "too-deep"),
        ('{"data": ' + "[" * 50 + "]" * 50 + "}", "too-deep"),
        ('{"title": "a\\u0000b"}', "unfit-text"),
        ('{"title": "a\\ud800b"}', "unfit-text"),
        ('{"data": {"a\\u0000": 1}}', "unfit-text"),
    ],
)
def test_what_is_no_json_is_refused_and_told(
    program: Programs, body: bytes | str, kind: str
) -> None:
    told = refused(program, body)
    assert told["status"] == 400
    assert told["type"] == f"urn:alur:problem:{kind}"


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_another_type_of_content_is_refused(program: Programs, kind: str) -> None:
    told = refused(program, '{"sop": "x"}', {"Content-Type": kind} if kind else {})
    assert told["status"] == 415
    assert "application/json" in told["detail"]


def test_a_compressed_body_is_not_unpacked(program: Programs) -> None:
    headers = {**JSON, "Content-Encoding": "gzip"}
    assert refused(program, gzip.compress(b"{}"), headers)["status"] == 415
    assert refused(program, "{}", {**JSON, "Content-Encoding": "identity"})["status"] == 422


def test_too_much_is_refused_at_the_door(program: Programs) -> None:
    assert refused(program, '{"title": "' + "x" * 600_000 + '"}')["status"] == 413


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ("{}", {"sop": "Wajib diisi."}),
        ("[]", {"": "Harus berupa objek JSON."}),
        ("null", {"": "Harus berupa objek JSON."}),
        (
            f'{{"sop": "{SOP}", "title": 7, "data": [], "judul": ""}}',
            {
                "judul": "Isian ini tidak dikenal.",
                "title": "Harus berupa teks, 0 sampai 200 huruf.",
                "data": "Harus berupa objek JSON.",
            },
        ),
        (
            f'{{"sop": "{SOP}", "title": "{"x" * 201}"}}',
            {"title": "Harus berupa teks, 0 sampai 200 huruf."},
        ),
    ],
)
def test_all_that_is_wrong_is_told_at_once_by_field(
    program: Programs, body: str, errors: dict[str, str]
) -> None:
    told = refused(program, body)
    assert told["status"] == 422
    assert {each["field"]: each["message"] for each in told["errors"]} == errors
    assert all((field or "body") in told["detail"] for field in errors)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=banyak", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("view=semua", "view"),
        ("view=mine&view=team", "view"),
        ("Limit=5", "Limit"),
        ("search=a%00b", "search"),
        ("limit=null", "limit"),
        ("after=" + "x" * 501, "after"),
    ],
)
def test_a_query_that_cannot_be_meant_is_refused(program: Programs, query: str, field: str) -> None:
    answer = program("camat.gambut").asks("GET", f"/tasks?{query}")
    assert answer.status_code == 422
    assert answer.json is not None
    assert [each["field"] for each in answer.json["errors"]] == [field]


@pytest.mark.parametrize("after", ["x", "W10", "eyJhIjoxfQ", "%F0%9F%92%A3"])
@pytest.mark.parametrize("path", ["/tasks", "/cases", "/sops", "/offices", "/escalations"])
def test_a_cursor_made_by_hand_leads_nowhere(program: Programs, path: str, after: str) -> None:
    answer = program("camat.gambut").asks("GET", f"{path}?after={after}")
    assert answer.status_code == 404


def test_nothing_is_said_by_leaving_it_out_not_by_null(program: Programs) -> None:
    camat = program("camat.gambut")
    assert camat.asks("GET", "/cases?status=null").status_code == 422
    assert camat.asks("GET", "/escalations?since=null&case=null").status_code == 422
    assert camat.gets("/cases?search=null")["count"] == 0


def test_no_words_are_taken_where_none_are_known(program: Programs, office: Office) -> None:
    case = office.starts()
    answer = program("camat.gambut").asks("GET", f"/cases/{case}?expand=tasks")
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"a b": 1}, "a b"),
        ({"__class__": 1}, "__class__"),
        ({"outcome": "setuju"}, "outcome"),
        ({"Langkah_4": {"outcome": "setuju"}}, "Langkah_4"),
        ({"a": {"typename": 1}}, "a.typename"),
        ({"a": 10**30}, "a"),
    ],
)
def test_a_case_does_not_begin_with_what_means_something_else(
    program: Programs, data: dict[str, Any], field: str
) -> None:
    body = {"sop": SOP, "title": "Data kinerja", "data": data}
    answer = program("kasubbag.gambut").asks("POST", "/cases", json=body)
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["errors"][0]["field"] == field
