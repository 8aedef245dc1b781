from __future__ import annotations

import datetime as dt
import os
import threading
import time

import pytest
from sqlalchemy import event, func, select

from app.accounts import pictures, service
from app.accounts.service import ProfileChange
from extensions import db
from models import User

from .conftest import PASSWORD


def person(email: str) -> User:
    user = service.find(email)
    assert user is not None
    return user


def number_of_people() -> int:
    return db.session.scalar(select(func.count(User.id))) or 0


@pytest.fixture
def failing_commit():
    """Make the next commit fail the way a lost connection does."""

    def fail(_session: object) -> None:
        raise ConnectionError("the server went away")

    event.listen(db.session, "before_commit", fail)
    yield
    event.remove(db.session, "before_commit", fail)


def test_sign_up_stores_a_person_who_is_no_administrator(context):
    service.sign_up("Ada@Example.ORG", PASSWORD, "Ada")
    user = person("ada@example.org")
    assert (user.email, user.display_name, user.is_admin) == ("ada@example.org", "Ada", False)
    age = dt.datetime.now(dt.UTC).replace(tzinfo=None) - user.created_at
    assert dt.timedelta(0) <= age < dt.timedelta(minutes=1)
    assert PASSWORD not in user.password_hash


@pytest.mark.parametrize("again", ["ada@example.org", " ADA@example.org ", "ada@EXAMPLE.org"])
def test_sign_up_refuses_an_address_that_is_taken_in_any_spelling(context, ada, again):
    with pytest.raises(service.EmailTaken, match=r"already an account for ada@example\.org"):
        service.sign_up(again, "another password", "Eve")
    assert service.log_in(ada, PASSWORD).display_name == "Ada"
    assert number_of_people() == 1


@pytest.mark.parametrize(
    "email", ["", "ada", "ada@", "@example.org", "a b@example.org", "ada@localhost", "a" * 10**6]
)
def test_sign_up_refuses_what_is_no_address(context, email):
    with pytest.raises(service.AccountError, match="is not an e-mail address"):
        service.sign_up(email, PASSWORD, "Ada")


def test_sign_up_by_two_at_once_makes_one_account(app):
    outcomes = []

    def sign_up() -> None:
        with app.app_context():
            try:
                service.sign_up("ada@example.org", PASSWORD, "Ada")
                outcomes.append("created")
            except service.EmailTaken:
                outcomes.append("taken")

    threads = [threading.Thread(target=sign_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["created", "taken", "taken", "taken"]


def test_find_takes_an_accent_for_another_address(context, ada):
    assert service.find("adá@example.org") is None


@pytest.mark.parametrize("email", ["nobody@example.org", "no address", ""])
def test_log_in_refuses_an_account_that_is_not_there(context, ada, email):
    with pytest.raises(service.WrongPassword):
        service.log_in(email, PASSWORD)


def test_log_in_refuses_a_wrong_password(context, ada):
    with pytest.raises(service.WrongPassword):
        service.log_in(ada, PASSWORD + ".")


def test_log_in_replaces_a_hash_that_was_made_at_another_cost(make_app, app, ada):
    with app.app_context():
        old = person(ada).password_hash

    class Here:
        url = app.config["SQLALCHEMY_DATABASE_URI"]

    with make_app(Here, ARGON2_TIME_COST=2).app_context():
        new = service.log_in(ada, PASSWORD).password_hash
        assert new != old
        assert "t=2" in new
        assert service.log_in(ada, PASSWORD).password_hash == new


def test_change_password_replaces_the_old_one(context, ada):
    service.change_password(person(ada), PASSWORD, "another password")
    assert service.log_in(ada, "another password")
    with pytest.raises(service.WrongPassword):
        service.log_in(ada, PASSWORD)


def test_change_password_refuses_a_wrong_one(context, ada):
    with pytest.raises(service.WrongPassword):
        service.change_password(person(ada), "wrong", "another password")
    assert service.log_in(ada, PASSWORD)


def test_update_profile_stores_name_birth_date_and_picture(context, ada):
    service.update_profile(person(ada), ProfileChange("Lady Ada", dt.date(1990, 12, 10), b"picture"))
    user = person(ada)
    assert (user.display_name, user.birth_date) == ("Lady Ada", dt.date(1990, 12, 10))
    assert (pictures.folder() / user.profile_picture).read_bytes() == b"picture"


def test_update_profile_keeps_the_picture_where_none_is_sent(context, ada):
    service.update_profile(person(ada), ProfileChange("Ada", None, b"picture"))
    service.update_profile(person(ada), ProfileChange("Ada", None))
    assert (pictures.folder() / person(ada).profile_picture).read_bytes() == b"picture"


def test_update_profile_removes_the_old_picture(context, ada):
    service.update_profile(person(ada), ProfileChange("Ada", None, b"old"))
    service.update_profile(person(ada), ProfileChange("Ada", None, b"new"))
    assert [file.read_bytes() for file in pictures.folder().iterdir()] == [b"new"]
    service.update_profile(person(ada), ProfileChange("Ada", None, remove_picture=True))
    assert list(pictures.folder().iterdir()) == []
    assert person(ada).profile_picture is None


def test_update_profile_keeps_the_old_picture_where_the_commit_fails(context, ada, failing_commit):
    pictures.folder().mkdir(parents=True)
    (pictures.folder() / "old.webp").write_bytes(b"old")
    with pytest.raises(ConnectionError):
        service.update_profile(person(ada), ProfileChange("Other", None, b"new"))
    assert [file.name for file in pictures.folder().iterdir()] == ["old.webp"]
    assert person(ada).display_name == "Ada"


def test_update_profile_by_two_at_once_leaves_one_picture(app, ada):
    def update(data: bytes) -> None:
        with app.app_context():
            service.update_profile(person(ada), ProfileChange("Ada", None, data))

    threads = [threading.Thread(target=update, args=(bytes([number]),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert [file.name for file in pictures.folder().iterdir()] == [person(ada).profile_picture]


def test_delete_removes_the_person_and_the_picture(context, ada):
    service.update_profile(person(ada), ProfileChange("Ada", None, b"picture"))
    service.delete(person(ada), PASSWORD)
    assert service.find(ada) is None
    assert list(pictures.folder().iterdir()) == []


@pytest.mark.parametrize(
    "act",
    [
        lambda user: service.delete(user, PASSWORD),
        lambda user: service.change_password(user, PASSWORD, "another password"),
        lambda user: service.update_profile(user, ProfileChange("Ada", None, b"picture")),
    ],
)
def test_account_that_is_deleted_in_another_tab_is_named_and_leaves_no_picture(app, ada, act):
    with app.app_context():
        user = person(ada)
        with app.app_context():
            service.delete(person(ada), PASSWORD)
        with pytest.raises(service.AccountGone, match="no such account any more"):
            act(user)
        assert number_of_people() == 0
        assert not any(pictures.folder().glob("*"))


def test_stray_pictures_are_removed_once_they_are_old(context, ada):
    service.update_profile(person(ada), ProfileChange("Ada", None, b"mine"))
    mine = person(ada).profile_picture
    stray, young = pictures.save(b"left by a crash"), pictures.save(b"not committed yet")
    old = time.time() - service.STRAY_AFTER_SECONDS - 1
    for name in (mine, stray):
        os.utime(pictures.folder() / name, (old, old))
    assert service.remove_stray_pictures() == (stray,)
    assert {file.name for file in pictures.folder().iterdir()} == {mine, young}


def test_delete_refuses_a_wrong_password(context, ada):
    with pytest.raises(service.WrongPassword):
        service.delete(person(ada), "wrong")
    assert service.find(ada)
