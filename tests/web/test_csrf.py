"""Twin of web/csrf.py: a token that is never written the same way twice."""

from flask import Flask

from web import csrf


def test_each_page_writes_the_token_differently_and_each_is_genuine(app: Flask) -> None:
    with app.test_client() as client:
        with app.test_request_context("/") as page:
            one, other = csrf.token(), csrf.token()
            secret = page.session["csrf"]
        assert one != other
        for token in (one, other):
            with client.session_transaction() as session:
                session["csrf"] = secret
            answer = client.post("/language", data={"csrf_token": token, "language": "en"})
            assert answer.status_code == 303


def test_the_token_of_another_session_is_refused(app: Flask) -> None:
    with app.test_request_context("/"):
        token = csrf.token()
    client = app.test_client()
    client.get("/sign-in")
    assert client.post("/language", data={"csrf_token": token}).status_code == 403


def test_a_token_without_a_session_is_refused(app: Flask) -> None:
    with app.test_request_context("/"):
        token = csrf.token()
    assert app.test_client().post("/language", data={"csrf_token": token}).status_code == 403
