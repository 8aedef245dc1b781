from __future__ import annotations

import pytest

from app.accounts import service

from .conftest import EMAIL, PASSWORD

WRONG = {"email": EMAIL, "password": "wrong"}
RIGHT = {"email": EMAIL, "password": PASSWORD}


@pytest.fixture
def limited(make_app, app, ada):
    """Return a function from limits to an application on the database of `app` that applies them."""

    class Here:
        url = app.config["SQLALCHEMY_DATABASE_URI"]

    return lambda **limits: make_app(Here, RATELIMIT_ENABLED=True, **limits).test_client()


pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


def test_log_in_is_refused_after_too_many_attempts_from_one_address(limited):
    client = limited(LOG_IN_LIMIT_PER_ADDRESS="2 per minute")
    for number in range(2):
        data = {"email": f"person{number}@example.org", "password": "wrong"}
        assert client.post("/log-in", data=data).status_code == 422
    refused = client.post("/log-in", data=RIGHT)
    assert refused.status_code == 429
    assert "Too many attempts" in refused.text
    assert 0 < int(refused.headers["Retry-After"]) <= 61
    assert client.post("/log-in", data=RIGHT, environ_base={"REMOTE_ADDR": "192.0.2.9"}).status_code == 303


def test_log_in_page_itself_is_not_limited(limited):
    client = limited(LOG_IN_LIMIT_PER_ADDRESS="1 per minute")
    assert [client.get("/log-in").status_code for _ in range(3)] == [200] * 3


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.org", "no address"])
def test_log_in_is_refused_after_too_many_failures_for_one_account_from_everywhere(limited, email):
    client = limited(LOG_IN_FAILURES_PER_ACCOUNT="2 per minute")
    spellings = [email, email.upper(), f" {email} "] if "@" in email else [email] * 3
    answers = [
        client.post(
            "/log-in",
            data={"email": spelling, "password": "wrong"},
            environ_base={"REMOTE_ADDR": f"192.0.2.{number}"},
        ).status_code
        for number, spelling in enumerate(spellings)
    ]
    assert answers == [422, 422, 429]
    other = {"email": "other@example.org", "password": "wrong"}
    assert client.post("/log-in", data=other).status_code == 422


def test_log_in_that_succeeds_is_not_counted_against_the_account(limited):
    client = limited(LOG_IN_FAILURES_PER_ACCOUNT="2 per minute")
    answers = []
    for data in (WRONG, RIGHT, RIGHT, RIGHT, WRONG, RIGHT):
        answers.append(client.post("/log-in", data=data).status_code)
        client.post("/log-out")
    assert answers == [422, 303, 303, 303, 422, 429]


def test_log_in_counts_one_ipv6_network_as_one_address(limited):
    client = limited(LOG_IN_LIMIT_PER_ADDRESS="1 per minute")
    addresses = ["2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1", ""]
    answers = [
        client.post("/log-in", data=WRONG, environ_base={"REMOTE_ADDR": address}).status_code
        for address in addresses
    ]
    assert answers == [422, 429, 422, 422]


def test_sign_up_is_refused_after_too_many_from_one_address(limited):
    client = limited(SIGN_UP_LIMIT_PER_ADDRESS="1 per hour")
    data = {"email": "eve@example.org", "display_name": "Eve", "password": PASSWORD, "repeat": PASSWORD}
    assert client.post("/sign-up", data=data).status_code == 303
    assert client.post("/sign-up", data={**data, "email": "eva@example.org"}).status_code == 429
    with client.application.app_context():
        assert service.find("eva@example.org") is None


@pytest.mark.parametrize("address", ["/account/password", "/account/delete"])
def test_password_cannot_be_guessed_on_the_pages_of_an_account(limited, address):
    client = limited(LOG_IN_FAILURES_PER_ACCOUNT="1 per minute")
    client.post("/log-in", data=RIGHT)
    data = {"old": "wrong", "new": "another password", "repeat": "another password", "password": "wrong"}
    assert [client.post(address, data=data).status_code for _ in range(2)] == [422, 429]
