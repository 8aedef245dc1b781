from __future__ import annotations

import pytest

from main import create_app


@pytest.fixture
def answer():
    return create_app("testing").test_client().get("/livez")


def test_headers_forbid_script_frames_and_guessing(answer):
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert not any("unsafe" in sources or "http" in sources or "*" in sources for sources in policy.values())
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_headers_forbid_to_keep_a_page(answer):
    assert answer.headers["Cache-Control"] == "no-store"


def test_style_sheet_may_be_kept():
    answer = create_app("testing").test_client().get("/static/site.css", buffered=True)
    assert answer.headers["Cache-Control"] == "no-cache"
    assert len(answer.data) < 10_000


def test_https_is_asked_for_in_production_alone(answer):
    assert "Strict-Transport-Security" not in answer.headers
    environ = {"SECRET_KEY": "k" * 32, "SQLALCHEMY_DATABASE_URI": "sqlite://", "HSTS_SECONDS": 60}
    strict = create_app({"TESTING": True, **environ}).test_client().get("/livez")
    assert strict.headers["Strict-Transport-Security"] == "max-age=60"
