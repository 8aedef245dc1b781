"""Who is logged in, and where to go afterwards.

Sessions are signed cookies: no worker keeps anything. A session ends when its owner logs out on that browser,
when the password changes, or when the account is deleted.
"""

from __future__ import annotations

import hmac
from urllib.parse import urljoin, urlsplit

from flask import Flask, request, session
from flask_login import login_user, logout_user

from extensions import db, login_manager
from models import User


def init_app(app: Flask) -> None:
    """Tell Flask-Login how to find a person and where to log in."""
    manager = app.login_manager  # type: ignore[attr-defined]
    manager.login_view = "accounts.log_in"
    manager.login_message = "Please log in to see this page."
    manager.login_message_category = "info"


@login_manager.user_loader
def load_user(token: str) -> User | None:
    """Return the person of a session, or `None` if the account is gone or has another password by now."""
    number, _, _ = token.partition(".")
    user = db.session.get(User, int(number)) if number.isdecimal() else None
    return user if user and hmac.compare_digest(user.get_id(), token) else None


def begin(user: User, *, keep: bool = False) -> None:
    """Log `user` in with a new session: nothing of the one before the log-in survives.

    :param keep: whether the session outlives the browser window, for `PERMANENT_SESSION_LIFETIME`.
    """
    session.clear()
    session.permanent = keep
    login_user(user)


def renew(user: User) -> None:
    """Keep this browser logged in after `user` has changed the password; all others are out."""
    begin(user, keep=bool(session.permanent))


def end() -> None:
    """Log out and forget the session."""
    logout_user()
    session.clear()


def safe_next(target: str | None) -> str | None:
    """Return `target` as a path of this site, or `None` if it leads elsewhere.

    Browsers read a backslash as a slash and skip control characters, so that an address with either is refused.
    """
    if not target or "\\" in target or not target.isprintable():
        return None
    try:
        own, other = urlsplit(request.host_url), urlsplit(urljoin(request.url, target))
    except ValueError:
        return None
    if (other.scheme, other.netloc) != (own.scheme, own.netloc) or other.path.startswith("//"):
        return None
    return other.path + (f"?{other.query}" if other.query else "")
