"""What happens to accounts. Knows no request: a page, a command and a test call the same functions."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts import passwords, pictures
from app.sqlite import BEGIN_OPTION
from extensions import db
from models import User

# An address has at most 254 characters (RFC 5321); what is far longer is not worth the time to look at.
MAX_TYPED = 1000

STRAY_AFTER_SECONDS = 3600


class AccountError(Exception):
    """The change was refused. The message is for the person who asked for it."""


class EmailTaken(AccountError):
    """There is an account with this e-mail address. Never to be shown to somebody who is not an administrator."""


class WrongPassword(AccountError):
    """The password is not the one of this account."""


class AccountGone(AccountError):
    """The account was deleted since the page was asked for, in another tab or browser."""


@dataclass(frozen=True)
class ProfileChange:
    """What the profile page may change.

    :param picture: a new picture as `pictures.read` returned it, or `None` to keep the one there is.
    :param remove_picture: whether to remove the picture; without effect if there is a new one.
    """

    display_name: str
    birth_date: dt.date | None
    picture: bytes | None = None
    remove_picture: bool = False


def normalise_email(text: str) -> str | None:
    """Return the one spelling under which an address is stored, or `None` if it is no e-mail address."""
    if len(text) > MAX_TYPED:
        return None
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None


def find(email: str) -> User | None:
    """Return the account of an address in any spelling."""
    normal = normalise_email(email)
    user = db.session.scalar(select(User).where(User.email == normal)) if normal else None
    # MariaDB takes é for e when it compares; these are two addresses of two people.
    return user if user and user.email == normal else None


def sign_up(email: str, password: str, display_name: str, *, is_admin: bool = False) -> User:
    """Create an account.

    The password is hashed and the row is written before anything is known about the address, so that the work is
    the same whether or not it is taken.

    :raises AccountError: if `email` is no address.
    :raises EmailTaken: if there is an account with it.
    """
    normal = normalise_email(email)
    if normal is None:
        raise AccountError(f"{email!r} is not an e-mail address.")
    password_hash = passwords.current().hash(password)
    try:
        with _writing():
            user = User(
                email=normal, password_hash=password_hash, display_name=display_name, is_admin=is_admin
            )
            db.session.add(user)
    except IntegrityError as error:
        raise EmailTaken(f"There is already an account for {normal}.") from error
    return user


def log_in(email: str, password: str) -> User:
    """Return the account of `email` if the password is right. Replaces a hash that was made at another cost.

    :raises WrongPassword: if it is wrong or there is no such account, after the same work.
    """
    user = find(email)
    _check_password(user, password)
    if user is None:  # pragma: no cover  (no password matches nobody; this tells the type checker so)
        raise WrongPassword
    if passwords.current().is_outdated(user.password_hash):
        _store_password(user.id, password)
    return user


def change_password(user: User, old: str, new: str) -> None:
    """Change the password, which ends every session of the account.

    :raises WrongPassword: if `old` is wrong.
    """
    _check_password(user, old)
    _store_password(user.id, new)


def update_profile(user: User, change: ProfileChange) -> None:
    """Apply `change`. The old picture is removed after the commit, the new one if there is no commit."""
    user_id = user.id
    new = pictures.save(change.picture) if change.picture else None
    try:
        with _writing():
            person = _locked(user_id)
            old = person.profile_picture
            person.display_name, person.birth_date = change.display_name, change.birth_date
            if new or change.remove_picture:
                person.profile_picture = new
    except BaseException:
        pictures.remove(new)
        raise
    if new or change.remove_picture:
        pictures.remove(old)


def delete(user: User, password: str) -> None:
    """Delete the account, then its picture.

    :raises WrongPassword: if `password` is wrong.
    """
    _check_password(user, password)
    user_id = user.id
    with _writing():
        person = _locked(user_id)
        picture = person.profile_picture
        db.session.delete(person)
    pictures.remove(picture)


def remove_stray_pictures() -> tuple[str, ...]:
    """Remove the pictures that belong to nobody, and return their names.

    A process that was killed between the file and the commit leaves one. What is younger than `STRAY_AFTER_SECONDS`
    stays: its account may not be committed yet.
    """
    old = pictures.stored(before=time.time() - STRAY_AFTER_SECONDS)
    owned = set(db.session.scalars(select(User.profile_picture).where(User.profile_picture.is_not(None))))
    stray = tuple(sorted(old - owned))
    for name in stray:
        pictures.remove(name)
    return stray


def _check_password(user: User | None, password: str) -> None:
    if not passwords.current().matches(user.password_hash if user else None, password):
        raise WrongPassword("The password is not right.")


def _store_password(user_id: int, password: str) -> None:
    password_hash = passwords.current().hash(password)
    with _writing():
        _locked(user_id).password_hash = password_hash


@contextmanager
def _writing() -> Iterator[None]:
    """Commit what the block does in one new transaction, or nothing of it.

    The transaction in which the page read so far is ended first: on SQLite a transaction can wait for its turn to
    write only when it begins.
    """
    db.session.rollback()
    try:
        db.session.connection(execution_options={BEGIN_OPTION: "IMMEDIATE"})
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


def _locked(user_id: int) -> User:
    """Return the account as it is now, and keep others from changing it until the commit.

    :raises AccountGone: if it was deleted meanwhile.
    """
    user = db.session.get(User, user_id, with_for_update=True, populate_existing=True)
    if user is None:
        raise AccountGone("There is no such account any more.")
    return user
