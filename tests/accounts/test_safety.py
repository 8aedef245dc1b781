"""What holds for every address of the site, also for those that will be added."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from app.accounts import service
from main import create_app

from .conftest import EMAIL, PASSWORD

RULES = [rule for rule in create_app("testing").url_map.iter_rules() if rule.endpoint != "static"]
POSTED = sorted(rule.rule for rule in RULES if "POST" in (rule.methods or ()))
# Everything else asks for a log-in.
PUBLIC = {"/", "/sign-up", "/log-in", "/log-out", "/livez", "/readyz"}

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


def token_in(page: str) -> str:
    return re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)[1]


@pytest.fixture
def production(app, ada, monkeypatch, tmp_path):
    """The application as a server runs it, on the database of `app`, on which Ada has signed up."""
    monkeypatch.setenv("SECRET_KEY", "k" * 32)
    monkeypatch.setenv("DATABASE_URL", app.config["SQLALCHEMY_DATABASE_URI"])
    monkeypatch.setenv("UPLOAD_FOLDER", str(tmp_path))
    return create_app("production")


def visit(client, address, **data):
    """Send a form the way a browser does over HTTPS."""
    base = "https://strata.example"
    token = token_in(client.get(address, base_url=base).text)
    headers = {"Referer": f"{base}{address}"}
    return client.post(address, base_url=base, headers=headers, data={**data, "csrf_token": token})


@pytest.mark.parametrize("address", POSTED)
@pytest.mark.parametrize("logged_in", [True, False])
def test_every_form_refuses_what_comes_without_a_token(production, address, logged_in):
    client = production.test_client()
    if logged_in:
        assert visit(client, "/log-in", email=EMAIL, password=PASSWORD).status_code == 303
    answer = client.post(address, base_url="https://strata.example", data={"password": PASSWORD})
    # Who is not logged in is sent to the log-in first, and who is has nothing to do there.
    sent_away = "/profile" if logged_in and address == "/log-in" else f"/log-in?next={quote(address, '')}"
    assert answer.status_code == 400 or answer.location == sent_away
    with production.app_context():
        assert service.find(EMAIL)


@pytest.mark.parametrize("headers", [{"Referer": "https://evil.example/"}, {}])
def test_form_of_another_site_is_refused_over_https_even_with_a_token(production, headers):
    client = production.test_client()
    token = token_in(client.get("/log-in", base_url="https://strata.example").text)
    answer = client.post(
        "/log-in",
        base_url="https://strata.example",
        headers=headers,
        data={"email": EMAIL, "password": PASSWORD, "csrf_token": token},
    )
    assert answer.status_code == 400
    assert client.get("/profile", base_url="https://strata.example").status_code == 302


@pytest.mark.parametrize("rule", sorted({rule.rule for rule in RULES} - PUBLIC))
def test_every_other_page_asks_for_a_log_in(client, rule):
    answer = client.get(re.sub(r"<[^>]+>", "x", rule))
    assert answer.status_code == 302
    assert answer.location.startswith("/log-in?next=")


def test_session_of_production_is_for_https_and_not_for_scripts_or_other_sites(production):
    answer = visit(production.test_client(), "/log-in", email=EMAIL, password=PASSWORD)
    [cookie] = answer.headers.getlist("Set-Cookie")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert int(answer.headers["Strict-Transport-Security"].partition("=")[2]) >= 365 * 24 * 3600


def test_session_that_somebody_planted_before_the_log_in_is_of_no_use_afterwards(production):
    attacker, victim = production.test_client(), production.test_client()
    attacker.get("/log-in", base_url="https://strata.example")
    planted = attacker.get_cookie("session", domain="strata.example")
    victim.set_cookie("session", planted.value, domain="strata.example", secure=True)
    assert visit(victim, "/log-in", email=EMAIL, password=PASSWORD).location == "/profile"
    assert victim.get_cookie("session", domain="strata.example").value != planted.value
    assert attacker.get("/profile", base_url="https://strata.example").status_code == 302


def test_session_signed_with_another_key_is_nobody(production, app):
    client = app.test_client()
    client.post("/log-in", data={"email": EMAIL, "password": PASSWORD})
    stranger = production.test_client()
    stranger.set_cookie("session", client.get_cookie("session").value, domain="strata.example", secure=True)
    assert stranger.get("/profile", base_url="https://strata.example").status_code == 302


def test_limits_of_production_stop_guessing(production):
    client = production.test_client()
    answers = [
        visit(client, "/log-in", email=EMAIL, password=f"guess {number}").status_code for number in range(11)
    ]
    assert answers == [422] * 10 + [429]
