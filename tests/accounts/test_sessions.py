from __future__ import annotations

import pytest

from app.accounts import service, sessions
from extensions import db
from models import User

from .conftest import PASSWORD


@pytest.fixture
def token(context, ada) -> str:
    return service.log_in(ada, PASSWORD).get_id()


def test_token_finds_its_person(token, ada):
    user = sessions.load_user(token)
    assert user is not None
    assert user.email == ada


def test_token_says_nothing_of_the_password_hash(token, context):
    stored = db.session.get_one(User, int(token.partition(".")[0])).password_hash
    assert not any(part in token for part in stored.split("$")[-2:])


@pytest.mark.parametrize(
    "change",
    [
        lambda token: "",
        lambda token: "nonsense",
        lambda token: token.partition(".")[0],
        lambda token: token + "0",
        lambda token: "999999." + token.partition(".")[2],
        lambda token: "²." + token.partition(".")[2],
    ],
)
def test_changed_token_finds_nobody(token, change):
    assert sessions.load_user(change(token)) is None


def test_token_ends_with_the_password(token, ada):
    service.change_password(service.log_in(ada, PASSWORD), PASSWORD, "another password")
    assert sessions.load_user(token) is None


def test_token_ends_with_the_account(token, ada):
    service.delete(service.log_in(ada, PASSWORD), PASSWORD)
    assert sessions.load_user(token) is None
