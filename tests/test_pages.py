from __future__ import annotations

import pytest

from app.accounts import service

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


def test_start_page_invites_a_stranger(client):
    page = client.get("/").text
    assert 'href="/sign-up"' in page
    assert 'href="/log-in"' in page


def test_start_page_knows_who_is_logged_in(app, client):
    with app.app_context():
        service.sign_up("ada@example.org", "a correct horse", "Ada <3")
    client.post("/log-in", data={"email": "ada@example.org", "password": "a correct horse"})
    page = client.get("/").text
    assert "You are logged in as <strong>Ada &lt;3</strong>." in page
    assert 'href="/sign-up"' not in page
