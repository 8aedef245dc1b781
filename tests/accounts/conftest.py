"""People, browsers and pictures for the tests of accounts."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from app.accounts import service

EMAIL = "ada@example.org"
PASSWORD = "a correct horse"


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """The application with its context pushed."""
    with app.app_context():
        yield app


@pytest.fixture
def ada(app: Flask) -> str:
    """The e-mail address of somebody who has signed up with `PASSWORD`."""
    with app.app_context():
        service.sign_up(EMAIL, PASSWORD, "Ada")
    return EMAIL


@pytest.fixture
def browser(app: Flask, ada: str) -> FlaskClient:
    """A browser in which Ada is logged in."""
    client = app.test_client()
    assert client.post("/log-in", data={"email": ada, "password": PASSWORD}).status_code == 303
    return client


@pytest.fixture
def make_picture() -> Callable[..., bytes]:
    """Return a function from size, format and options of `Image.save` to the bytes of a picture."""

    def make(
        size: tuple[int, int] = (40, 30), kind: str = "PNG", mode: str = "RGB", **options: object
    ) -> bytes:
        output = io.BytesIO()
        Image.new(mode, size, "red" if mode in {"RGB", "RGBA"} else None).save(output, kind, **options)
        return output.getvalue()

    return make
