from __future__ import annotations

import re

import pytest
from flask import abort
from sqlalchemy import text

from app.accounts import service
from extensions import db

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)

PASSWORD = "a correct horse"


@pytest.fixture
def protected(make_app, app):
    """The application on the database of `app` with CSRF protection on, and Ada signed up."""

    class Here:
        url = app.config["SQLALCHEMY_DATABASE_URI"]

    guarded = make_app(Here, WTF_CSRF_ENABLED=True)
    with guarded.app_context():
        service.sign_up("ada@example.org", PASSWORD, "Ada")
    return guarded


def token_in(page: str) -> str:
    return re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)[1]


def logged_in(app):
    client = app.test_client()
    token = token_in(client.get("/log-in").text)
    data = {"email": "ada@example.org", "password": PASSWORD, "csrf_token": token}
    assert client.post("/log-in", data=data).status_code == 303
    return client


@pytest.mark.parametrize("code", [400, 403, 404, 413, 429])
def test_error_has_a_page_with_a_way_back(app, code):
    app.add_url_rule("/fail", view_func=lambda: abort(code))
    answer = app.test_client().get("/fail")
    assert answer.status_code == code
    assert '<a href="/">Go to the start page</a>' in answer.text
    assert answer.headers["Content-Security-Policy"]


def test_unknown_address_has_a_page(client):
    assert "There is no page at this address." in client.get("/nowhere").text


def test_wrong_method_names_the_right_one(client):
    answer = client.get("/log-out")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_fault_has_a_page_that_needs_no_database(app):
    def fail() -> None:
        db.session.execute(text("SELECT * FROM nowhere"))

    app.add_url_rule("/fail", view_func=fail)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = app.test_client().get("/fail")
    assert answer.status_code == 500
    assert "The fault is on our side" in answer.text
    assert "nowhere" not in answer.text


def test_upload_far_above_the_limit_has_a_page(protected):
    client = logged_in(protected)
    kind = "multipart/form-data; boundary=part"
    answer = client.post("/profile", data=b"0" * 7 * 1024 * 1024, content_type=kind)
    assert answer.status_code == 413
    assert "A picture may have up to 5 MB." in answer.text


@pytest.mark.parametrize("token", [None, "expired"])
def test_form_with_a_bad_token_comes_back_as_it_was_typed_and_can_be_sent_again(protected, token):
    client = logged_in(protected)
    data = {"display_name": "Lady Ada", "birth_date": "1990-12-10"}
    answer = client.post("/profile", data=data | ({"csrf_token": token} if token else {}))
    assert answer.status_code == 400
    assert "The page had been open for too long" in answer.text
    assert 'value="Lady Ada"' in answer.text
    assert 'value="1990-12-10"' in answer.text
    assert "Lady Ada" not in client.get("/profile").text
    again = client.post("/profile", data=data | {"csrf_token": token_in(answer.text)})
    assert again.status_code == 303
    assert 'value="Lady Ada"' in client.get("/profile").text


def test_token_expires_after_its_time(protected):
    client = logged_in(protected)
    token = token_in(client.get("/profile").text)
    protected.config["WTF_CSRF_TIME_LIMIT"] = -1
    assert client.post("/profile", data={"display_name": "Ada", "csrf_token": token}).status_code == 400


@pytest.mark.parametrize(
    ("address", "data"),
    [
        (
            "/sign-up",
            {"email": "eve@example.org", "display_name": "E", "password": PASSWORD, "repeat": PASSWORD},
        ),
        ("/log-in", {"email": "ada@example.org", "password": PASSWORD}),
        ("/profile", {"display_name": "Changed"}),
        ("/account/password", {"old": PASSWORD, "new": "another password", "repeat": "another password"}),
        ("/account/delete", {"password": PASSWORD}),
    ],
)
def test_form_without_a_token_changes_nothing_and_gives_no_password_back(protected, address, data):
    client = protected.test_client() if address in {"/sign-up", "/log-in"} else logged_in(protected)
    answer = client.post(address, data=data)
    assert answer.status_code == 400
    assert PASSWORD not in answer.text
    with protected.app_context():
        assert service.log_in("ada@example.org", PASSWORD).display_name == "Ada"
        assert service.find("eve@example.org") is None


def test_form_of_somebody_who_was_logged_out_meanwhile_leads_to_the_log_in(protected):
    answer = protected.test_client().post("/profile", data={"display_name": "Lady Ada"})
    assert answer.status_code == 302
    assert answer.location == "/log-in?next=%2Fprofile"


def test_log_out_with_a_bad_token_leaves_the_person_logged_in(protected):
    client = logged_in(protected)
    answer = client.post("/log-out")
    assert answer.status_code == 400
    assert "Please try again" in answer.text
    assert client.get("/profile").status_code == 200
