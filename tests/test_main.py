from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from flask import request

from config import ConfigurationError, Testing
from main import create_app

ROOT = Path(__file__).parent.parent


def test_create_app_takes_a_class():
    assert create_app(Testing).testing is True


def test_create_app_takes_a_mapping():
    assert create_app({"TESTING": True, "SECRET_KEY": "mine"}).secret_key == "mine"


def test_create_app_takes_the_name_of_an_environment():
    assert create_app("testing").testing is True


def test_create_app_keeps_the_settings_of_two_applications_apart():
    one, two = create_app({"TESTING": True, "SECRET_KEY": "one"}), create_app(Testing)
    assert (one.secret_key, two.secret_key) == ("one", Testing.SECRET_KEY)


def test_create_app_refuses_an_incomplete_production(monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(ConfigurationError, match="SECRET_KEY and DATABASE_URL"):
        create_app("production")


def test_flask_says_in_one_line_why_production_does_not_start():
    environ = {"APP_ENV": "production", "DATABASE_URL": "sqlite://", "PATH": str(Path(sys.executable).parent)}
    command = [sys.executable, "-m", "flask", "--app", "main", "routes"]
    result = subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert result.stderr.splitlines() == [
        "Error: Production needs SECRET_KEY; set it in the environment and start again."
    ]


@pytest.mark.parametrize(("proxies", "address"), [(0, "10.0.0.1"), (1, "198.51.100.7")])
def test_client_address_comes_from_a_proxy_only_if_it_is_trusted(proxies, address):
    app = create_app({"TESTING": True, "TRUSTED_PROXIES": proxies})
    app.add_url_rule("/address", view_func=lambda: request.remote_addr)
    headers = {"X-Forwarded-For": "203.0.113.5, 198.51.100.7"}
    answer = app.test_client().get("/address", headers=headers, environ_base={"REMOTE_ADDR": "10.0.0.1"})
    assert answer.text == address
