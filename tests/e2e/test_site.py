from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Page, expect

from app.accounts import service

EMAIL = "ada@example.org"
PASSWORD = "a correct horse"

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def photo() -> dict[str, object]:
    """A file as a telephone would send it."""
    output = io.BytesIO()
    Image.new("RGB", (1200, 900), "teal").save(output, "JPEG")
    return {"name": "IMG_0001.JPG", "mimeType": "image/jpeg", "buffer": output.getvalue()}


@pytest.fixture
def ada(site: Flask) -> None:
    with site.app_context():
        service.sign_up(EMAIL, PASSWORD, "Ada")


def log_in(page: Page, password: str = PASSWORD) -> None:
    page.goto("/log-in")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Your password").fill(password)
    page.get_by_role("main").get_by_role("button", name="Log in").click()


def test_person_signs_up_sends_a_picture_and_finds_it_again(page, photo):
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Sign up").click()
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("status")).to_contain_text("You can now log in")

    log_in(page)
    expect(page.get_by_role("heading", name="Your profile")).to_be_visible()
    page.get_by_label("Birth date").fill("1990-12-10")
    page.get_by_label("New picture").set_input_files(photo)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Your profile is saved.")

    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("status")).to_have_text("You are logged out.")

    log_in(page)
    picture = page.get_by_alt_text("Your picture")
    expect(picture).to_be_visible()
    answer = page.request.get(picture.get_attribute("src"))
    assert Image.open(io.BytesIO(answer.body())).size == (512, 384)
    expect(page.get_by_label("Birth date")).to_have_value("1990-12-10")


def test_wrong_password_is_refused_and_the_address_stays(page, ada):
    log_in(page, "a wrong horse")
    expect(page.get_by_role("alert")).to_have_text(
        "There is no account with this e-mail address and password."
    )
    expect(page.get_by_label("E-mail address")).to_have_value(EMAIL)


def test_expired_form_keeps_what_was_typed(page, site, ada):
    log_in(page)
    page.get_by_label("Your name").fill("Lady Ada")
    site.config["WTF_CSRF_TIME_LIMIT"] = -1
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("The page had been open for too long")
    expect(page.get_by_label("Your name")).to_have_value("Lady Ada")
    site.config["WTF_CSRF_TIME_LIMIT"] = 3600
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Your profile is saved.")


def test_form_is_filled_in_with_the_keyboard_alone(page, ada):
    page.goto("/log-in")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your profile")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_has_its_style_and_fits_a_telephone(page, scheme):
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.emulate_media(color_scheme=scheme)
    page.goto("/sign-up")
    box = page.get_by_role("button", name="Sign up").bounding_box()
    assert box["height"] >= 44  # WCAG 2.2, 2.5.5: large enough for a finger
    assert page.locator("html").bounding_box()["width"] <= 360
    expect(page).to_have_title(re.compile("Sign up"))
    assert refused == []
