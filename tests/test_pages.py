from __future__ import annotations

import re

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


def colours(style: str) -> list[dict[str, str]]:
    """Return the colours of both schemes by their names."""
    blocks = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    return [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in blocks]


def luminance(colour: str) -> float:
    """Return the relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [it / 12.92 if it <= 0.04045 else ((it + 0.055) / 1.055) ** 2.4 for it in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        ("text", "page", 4.5),
        ("text", "panel", 4.5),
        ("text", "good-panel", 4.5),
        ("text", "bad-panel", 4.5),
        ("soft", "page", 4.5),
        ("accent", "page", 4.5),
        ("on-accent", "accent", 4.5),
        ("bad", "page", 4.5),
        ("page", "bad", 4.5),
        ("line", "panel", 3),  # the border of a field (1.4.11)
    ],
)
def test_colours_can_be_told_apart(client, scheme, front, back, least):
    palette = colours(client.get("/static/site.css", buffered=True).text)[scheme]
    assert contrast(palette[front], palette[back]) >= least
