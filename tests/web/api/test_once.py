"""A program that does not know whether it was heard sends again, and is answered as before."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from tests.web.conftest import Clock, Office, Program

Programs = Callable[..., Program]

SOP = "gambut/pengumpulan-dan-pengukuran-data-kinerja"
BODY = {"sop": SOP, "title": "Data kinerja"}


def starts(program: Program, key: str, title: str = "Data kinerja") -> TestResponse:
    body = {**BODY, "title": title}
    return program.asks("POST", "/cases", json=body, headers={"Idempotency-Key": key})


def test_what_is_sent_twice_is_done_once(program: Programs, clock: Clock) -> None:
    kasubbag = program("kasubbag.gambut")
    first = starts(kasubbag, "sekali")
    clock.passes(hours=24)
    again = starts(kasubbag, '"sekali"')  # quoted, as the IETF's draft has it
    assert (again.status_code, again.data) == (201, first.data)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert kasubbag.gets("/cases")["count"] == 1


def test_the_same_key_with_something_else_is_refused(program: Programs) -> None:
    kasubbag = program("kasubbag.gambut")
    starts(kasubbag, "sekali")
    answer = starts(kasubbag, "sekali", "Yang lain")
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["type"] == "urn:alur:problem:key-reused"
    assert kasubbag.gets("/cases")["count"] == 1


def test_each_person_has_keys_of_her_own_whatever_the_token(
    program: Programs, office: Office
) -> None:
    starts(program("kasubbag.gambut"), "sekali")
    assert "Idempotent-Replayed" in starts(program("kasubbag.gambut"), "sekali").headers
    other = program("staf.gambut").asks(
        "POST", "/cases", json=BODY, headers={"Idempotency-Key": "sekali"}
    )
    assert other.status_code == 403


def test_a_refusal_uses_no_key_up(program: Programs, office: Office) -> None:
    task = office.waiting("kasubbag.gambut", office.starts())
    kasubbag = program("kasubbag.gambut")
    key = {"Idempotency-Key": "selesai"}
    assert kasubbag.asks("POST", f"/tasks/{task}/completion", headers=key).status_code == 409
    kasubbag.asks("PUT", f"/tasks/{task}/claim")
    done = kasubbag.asks("POST", f"/tasks/{task}/completion", headers=key)
    assert done.status_code == 200
    again = kasubbag.asks("POST", f"/tasks/{task}/completion", headers=key)
    assert (again.status_code, again.data) == (200, done.data)
    # Without the key it is a second completion.
    assert kasubbag.asks("POST", f"/tasks/{task}/completion").status_code == 409


@pytest.mark.parametrize("key", ["", "x" * 256, "kunci\tdengan tab", "kunci-é"])
def test_a_key_that_cannot_be_kept_is_refused(program: Programs, key: str) -> None:
    assert starts(program("kasubbag.gambut"), key).status_code == 400


def test_reading_takes_no_key(program: Programs, office: Office) -> None:
    kasubbag = program("kasubbag.gambut")
    key = {"Idempotency-Key": "baca"}
    assert kasubbag.asks("GET", "/cases", headers=key).json == {
        "items": [],
        "next": None,
        "count": 0,
    }
    office.starts()
    answer = kasubbag.asks("GET", "/cases", headers=key)
    assert answer.json is not None
    assert answer.json["count"] == 1
