from __future__ import annotations

import io
import re
import time

import pytest

from app.accounts import pictures, service
from app.accounts.views import SIGNED_UP

from .conftest import EMAIL, PASSWORD

SIGN_UP = {"email": EMAIL, "display_name": "Ada", "password": PASSWORD, "repeat": PASSWORD}


def log_in(client, password=PASSWORD, **options):
    return client.post("/log-in", data={"email": EMAIL, "password": password, **options})


def text_of(page: str) -> str:
    """Return the page without what differs from request to request."""
    return re.sub(r'value="[\w.-]{60,}"', "", page)


def save(browser, **fields):
    return browser.post("/profile", data={"display_name": "Ada", **fields})


def picture_address(browser) -> str | None:
    found = re.search(r'class="picture" alt="Your picture" src="([^"]+)"', browser.get("/profile").text)
    return found and found[1]


def error_beside(page: str, field: str) -> str:
    """Return the error of a field, found the way a screen reader finds it."""
    control = re.search(rf'<input [^>]*id="{field}"[^>]*>', page)[0]
    assert 'aria-invalid="true"' in control
    described = re.search(r'aria-describedby="([^"]+)"', control)[1].split()
    assert f"{field}-error" in described
    return re.search(rf'id="{field}-error">([^<]+)<', page)[1]


def test_sign_up_then_log_in_leads_to_the_profile(client):
    signed_up = client.post("/sign-up", data=SIGN_UP)
    assert (signed_up.status_code, signed_up.location) == (303, "/log-in")
    logged_in = log_in(client)
    assert (logged_in.status_code, logged_in.location) == (303, "/profile")
    assert EMAIL in client.get("/profile").text


def test_sign_up_answers_the_same_for_an_address_that_is_taken(app):
    answers = []
    for _ in range(2):
        client = app.test_client()
        answer = client.post("/sign-up", data=SIGN_UP)
        headers = [pair for pair in answer.headers if pair[0] != "Set-Cookie"]
        answers.append((answer.status, headers, answer.text, text_of(client.get("/log-in").text)))
    assert answers[0] == answers[1]
    assert SIGNED_UP in answers[0][3]


def test_sign_up_answers_at_the_same_time_for_an_address_that_is_taken(app):
    app.config["SIGN_UP_SLOT_SECONDS"] = 0.3
    seconds = []
    for _ in range(2):
        started = time.perf_counter()
        app.test_client().post("/sign-up", data=SIGN_UP)
        seconds.append(time.perf_counter() - started)
    # The work is far below one slot, so that both leave at its end.
    assert min(seconds) >= 0.3


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("email", "", "Enter your e-mail address."),
        ("email", "ada", "This is not an e-mail address. It looks like name@example.org."),
        ("email", "a" * 250 + "@example.org", "Use at most 254 characters."),
        ("display_name", "  ", "Enter a name."),
        ("display_name", "A\0da", "Use letters, digits and signs that can be seen."),
        ("display_name", "A" * 101, "Use at most 100 characters."),
        ("password", "short", "Use 10 to 128 characters."),
        ("password", "x" * 129, "Use 10 to 128 characters."),
        ("repeat", "a correct house", "The two passwords differ."),
    ],
)
def test_sign_up_says_beside_the_field_what_is_wrong(client, field, value, message):
    answer = client.post("/sign-up", data={**SIGN_UP, field: value})
    assert answer.status_code == 422
    assert message in error_beside(answer.text, field)


def test_log_in_answers_the_same_for_a_wrong_password_and_an_unknown_address(client, ada):
    wrong = client.post("/log-in", data={"email": ada, "password": "wrong"})
    unknown = client.post("/log-in", data={"email": "eve@example.org", "password": "wrong"})
    assert wrong.status_code == unknown.status_code == 422
    assert text_of(wrong.text) == text_of(unknown.text).replace("eve@", "ada@")
    assert "There is no account with this e-mail address and password." in wrong.text


def test_log_in_starts_a_new_session(client, ada):
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    log_in(client)
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session.permanent is False


def test_log_in_is_kept_where_that_was_asked_for(client, ada):
    answer = log_in(client, keep="y")
    assert "Expires=" in answer.headers["Set-Cookie"]


def test_log_in_cookie_is_for_this_site_and_not_for_scripts(client, ada):
    cookie = log_in(client).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_log_in_cookie_is_for_https_alone_in_production(app, ada):
    app.config["SESSION_COOKIE_SECURE"] = True
    assert "; Secure" in log_in(app.test_client()).headers["Set-Cookie"]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        ("/account/password", "/account/password"),
        ("/profile?tab=1", "/profile?tab=1"),
        ("http://localhost/account/password", "/account/password"),
        ("http://evil.example/", "/profile"),
        ("//evil.example/", "/profile"),
        ("///evil.example/", "/evil.example/"),
        ("/\\evil.example/", "/profile"),
        ("http:\\\\evil.example", "/profile"),
        ("http://localhost@evil.example/", "/profile"),
        ("http://localhost:99/", "/profile"),
        ("https://localhost/", "/profile"),
        ("http:///evil.example", "/evil.example"),
        ("http://localhost//evil.example/", "/profile"),
        ("/.//evil.example", "/profile"),
        ("javascript:alert(1)", "/profile"),
        ("\t//evil.example", "/profile"),
        ("http://[broken", "/profile"),
        ("", "/profile"),
    ],
)
def test_log_in_goes_on_only_to_this_site(client, ada, target, leads_to):
    answer = client.post(
        "/log-in", query_string={"next": target}, data={"email": EMAIL, "password": PASSWORD}
    )
    assert (answer.status_code, answer.location) == (303, leads_to)


def test_log_in_goes_on_at_once_for_somebody_who_is_logged_in(browser):
    answer = browser.get("/log-in?next=/account/password")
    assert (answer.status_code, answer.location) == (303, "/account/password")


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "address", ["/profile", "/account/password", "/account/delete", "/profile/picture/x"]
)
def test_pages_of_an_account_ask_for_a_log_in_and_come_back(client, address):
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.location.startswith("/log-in?next=")
    assert "Please log in to see this page." in client.get(answer.location).text


def test_log_out_ends_the_session(browser):
    answer = browser.post("/log-out")
    assert (answer.status_code, answer.location) == (303, "/")
    assert browser.get("/profile").status_code == 302
    assert "You are logged out." in browser.get("/log-in").text


def test_log_out_needs_more_than_a_link(browser):
    assert browser.get("/log-out").status_code == 405
    assert browser.get("/profile").status_code == 200


def test_profile_shows_what_is_stored(browser):
    page = browser.get("/profile").text
    assert 'value="Ada"' in page
    assert "No picture yet" in page
    assert "Administrator" not in page


def test_profile_stores_what_is_typed(browser):
    assert save(browser, display_name="  Lady Ada ", birth_date="1990-12-10").status_code == 303
    page = browser.get("/profile").text
    assert 'value="Lady Ada"' in page
    assert 'value="1990-12-10"' in page
    assert "Your profile is saved." in page


def test_profile_forgets_a_birth_date_that_is_emptied(browser):
    save(browser, birth_date="1990-12-10")
    save(browser, birth_date="")
    assert "1990" not in browser.get("/profile").text


def test_profile_shows_a_name_as_text(browser):
    save(browser, display_name="<script>alert(1)</script> 🐎")
    page = browser.get("/profile").text
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 🐎" in page


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("day", "message"),
    [
        ("1899-12-31", "This day is before 1900."),
        ("2999-01-01", "This day is in the future."),
        ("1990-02-30", "Not a valid date value."),
    ],
)
def test_profile_refuses_an_impossible_birth_date(browser, day, message):
    answer = save(browser, birth_date=day, display_name="Typed")
    assert answer.status_code == 422
    assert error_beside(answer.text, "birth_date") == message
    assert 'value="Typed"' in answer.text
    assert "Typed" not in browser.get("/profile").text


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("day", ["1900-01-01", time.strftime("%Y-%m-%d", time.gmtime())])
def test_profile_takes_the_first_and_the_last_possible_birth_date(browser, day):
    assert save(browser, birth_date=day).status_code == 303


def test_profile_shows_the_picture_that_was_sent(browser, make_picture):
    assert save(browser, picture=(io.BytesIO(make_picture()), "../../me.png")).status_code == 303
    answer = browser.get(picture_address(browser), buffered=True)
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_profile_removes_the_picture(browser, make_picture):
    save(browser, picture=(io.BytesIO(make_picture()), "me.png"))
    old = picture_address(browser)
    assert "Remove my picture" in browser.get("/profile").text
    save(browser, remove_picture="y")
    assert picture_address(browser) is None
    assert browser.get(old).status_code == 404
    assert "Remove my picture" not in browser.get("/profile").text


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_profile_refuses_a_file_that_is_no_picture_beside_its_field(browser):
    answer = save(browser, picture=(io.BytesIO(b"<svg/>"), "me.png"), display_name="Typed")
    assert answer.status_code == 422
    assert "not a PNG, JPEG or WebP" in error_beside(answer.text, "picture")
    assert 'value="Typed"' in answer.text


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_picture_is_for_its_owner_alone(app, browser, make_picture):
    save(browser, picture=(io.BytesIO(make_picture()), "me.png"))
    address = picture_address(browser)
    with app.app_context():
        service.sign_up("eve@example.org", PASSWORD, "Eve")
    eve = app.test_client()
    eve.post("/log-in", data={"email": "eve@example.org", "password": PASSWORD})
    assert eve.get(address).status_code == 404
    assert app.test_client().get(address).status_code == 302


def test_change_password_logs_out_every_other_browser(app, browser):
    other = app.test_client()
    log_in(other)
    fields = {"old": PASSWORD, "new": "another password", "repeat": "another password"}
    assert browser.post("/account/password", data=fields).status_code == 303
    assert "Your password is changed." in browser.get("/profile").text
    assert other.get("/profile").status_code == 302
    assert log_in(app.test_client()).status_code == 422
    assert log_in(app.test_client(), "another password").status_code == 303


def test_change_password_keeps_a_session_that_was_to_be_kept(app, ada):
    client = app.test_client()
    log_in(client, keep="y")
    fields = {"old": PASSWORD, "new": "another password", "repeat": "another password"}
    assert "Expires=" in client.post("/account/password", data=fields).headers["Set-Cookie"]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("old", "wrong", "This is not your password."),
        ("old", "", "Enter your password."),
        ("new", "short", "Use 10 to 128 characters."),
        ("repeat", "something else", "The two passwords differ."),
    ],
)
def test_change_password_says_beside_the_field_what_is_wrong(app, browser, field, value, message):
    fields = {"old": PASSWORD, "new": "another password", "repeat": "another password", field: value}
    answer = browser.post("/account/password", data=fields)
    assert answer.status_code == 422
    assert message in error_beside(answer.text, field)
    assert log_in(app.test_client()).status_code == 303


def test_delete_removes_account_and_picture_and_logs_out(app, browser, make_picture):
    save(browser, picture=(io.BytesIO(make_picture()), "me.png"))
    other = app.test_client()
    log_in(other)
    answer = browser.post("/account/delete", data={"password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Your account and your picture are deleted." in browser.get("/").text
    assert other.get("/profile").status_code == 302
    assert log_in(app.test_client()).status_code == 422
    with app.app_context():
        assert list(pictures.folder().iterdir()) == []


@pytest.mark.parametrize(
    ("address", "data"),
    [
        ("/profile", {"display_name": "Ada"}),
        ("/account/password", {"old": PASSWORD, "new": "another password", "repeat": "another password"}),
        ("/account/delete", {"password": PASSWORD}),
    ],
)
def test_form_of_an_account_that_goes_in_another_tab_logs_out(app, browser, monkeypatch, address, data):
    def goes_first(*_arguments, **_options):
        with app.app_context():
            gone = service.find(EMAIL)
            service.db.session.delete(gone)
            service.db.session.commit()

    # The other tab's request comes in after this one has found its account and before it writes.
    write = service._writing
    monkeypatch.setattr(service, "_writing", lambda: (goes_first(), write())[1])
    answer = browser.post(address, data=data)
    assert (answer.status_code, answer.location) == (303, "/")
    page = browser.get("/").text
    assert "This account does not exist any more." in page
    assert "Sign up" in page


def test_delete_asks_for_the_password(browser):
    answer = browser.post("/account/delete", data={"password": "wrong"})
    assert answer.status_code == 422
    assert error_beside(answer.text, "password") == "This is not your password."
    assert browser.get("/profile").status_code == 200


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "address", ["/", "/sign-up", "/log-in", "/profile", "/account/password", "/account/delete"]
)
def test_page_is_named_labelled_and_without_script(browser, client, address):
    page = (client if address in {"/sign-up", "/log-in"} else browser).get(address).text
    assert '<html lang="en">' in page
    assert re.search(r"<title>[^<]+ · Strata</title>", page)
    assert page.count("<h1>") == 1
    assert 'href="#main"' in page
    assert not re.search(r"<script|<style| style=| on\w+=", page)
    controls = re.findall(r'<input (?![^>]*type="(?:hidden|submit)")[^>]*id="([^"]+)"', page)
    assert all(f'<label for="{control}">' in page for control in controls)
    described = {name for found in re.findall(r'aria-describedby="([^"]+)"', page) for name in found.split()}
    assert all(f'id="{name}"' in page for name in described)
