"""A designer's own program publishes what she drew: the XML as it is, the findings in return."""

from collections.abc import Callable

import pytest

import bpmn.xml
from bpmn import library
from tests.web.conftest import Program

Programs = Callable[..., Program]

SOP = "gambut/pengumpulan-dan-pengukuran-data-kinerja"
PLACE = f"/sops/{SOP}/revisions"
XML = {"Content-Type": "application/xml"}
DIAGRAM = library.load(SOP)


@pytest.mark.parametrize("kind", ["application/xml", "text/xml", "application/bpmn+xml"])
def test_a_diagram_is_put_in_force(program: Programs, kind: str) -> None:
    designer = program("perancang.gambut")
    answer = designer.asks("POST", PLACE, data=DIAGRAM, headers={"Content-Type": kind})
    assert answer.status_code == 201
    assert answer.json is not None
    assert answer.json["number"] == 2
    assert set(answer.json) == {"number", "findings"}
    assert {finding["severity"] for finding in answer.json["findings"]} <= {"warning"}
    place = answer.headers["Location"].removeprefix("/api/v1")
    assert designer.asks("GET", place).data == DIAGRAM
    assert designer.gets(f"/sops/{SOP}")["revision"] == 2


def test_a_new_sop_is_made_by_its_first_diagram(program: Programs) -> None:
    designer = program("perancang.gambut")
    answer = designer.asks("POST", "/sops/gambut/surat-masuk/revisions", data=DIAGRAM, headers=XML)
    assert answer.status_code == 201
    assert designer.gets("/sops/gambut/surat-masuk")["revision"] == 1
    bad = designer.asks("POST", "/sops/gambut/Surat%20Masuk/revisions", data=DIAGRAM, headers=XML)
    assert bad.status_code == 422


def test_a_diagram_with_errors_is_refused_with_what_to_mend(program: Programs) -> None:
    designer = program("perancang.gambut")
    wrong = DIAGRAM.replace(b">PT10M<", b">sepuluh menit<")
    answer = designer.asks("POST", PLACE, data=wrong, headers=XML)
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    errors = [each for each in answer.json["findings"] if each["severity"] == "error"]
    assert all(set(each) == {"rule", "element", "severity", "message"} for each in errors)
    assert any(each["element"] == "Lewat_1" for each in errors)
    assert designer.gets(f"/sops/{SOP}")["revision"] == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"bukan xml", 422),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 422),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", 422),
        (DIAGRAM[:5_000], 422),
        (b"<a>" * 100_000, 422),
        (b" " * (bpmn.xml.LARGEST + 1), 413),
    ],
    ids=["empty", "text", "picture", "doctype", "cut off", "nested", "too large"],
)
def test_what_is_no_diagram_is_refused(program: Programs, body: bytes, status: int) -> None:
    designer = program("perancang.gambut")
    answer = designer.asks("POST", PLACE, data=body, headers=XML)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert designer.gets(f"/sops/{SOP}")["revision"] == 1


def test_json_is_no_diagram(program: Programs) -> None:
    assert program("perancang.gambut").asks("POST", PLACE, json={}).status_code == 415


def test_of_two_designers_the_second_is_told_of_the_first(program: Programs) -> None:
    designer = program("perancang.gambut")
    seen = designer.asks("GET", f"/sops/{SOP}").headers["ETag"]
    changed = DIAGRAM.replace(b"PT10M", b"PT20M")
    over = designer.asks("POST", f"{PLACE}?over=1", data=changed, headers=XML)
    assert over.status_code == 201
    assert designer.asks("POST", f"{PLACE}?over=1", data=DIAGRAM, headers=XML).status_code == 409
    held = {**XML, "If-Match": seen}
    assert designer.asks("POST", PLACE, data=DIAGRAM, headers=held).status_code == 412
    same = designer.asks("POST", f"{PLACE}?over=2", data=changed, headers=XML)
    assert same.status_code == 422


def test_sent_twice_it_is_one_revision(program: Programs) -> None:
    designer = program("perancang.gambut")
    headers = {**XML, "Idempotency-Key": "revisi-2"}
    first = designer.asks("POST", PLACE, data=DIAGRAM, headers=headers)
    again = designer.asks("POST", PLACE, data=DIAGRAM, headers=headers)
    assert again.data == first.data
    assert designer.gets(f"/sops/{SOP}")["revision"] == 2
    other = designer.asks("POST", PLACE, data=DIAGRAM + b" ", headers=headers)
    assert other.status_code == 422
