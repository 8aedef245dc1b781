"""The application's tables."""

from __future__ import annotations

import datetime as dt
import hashlib

from flask_login import UserMixin
from sqlalchemy import DateTime, String
from sqlalchemy.orm import Mapped, mapped_column

from extensions import db


def utc_now() -> dt.datetime:
    """Return the present moment in UTC, without a zone and in whole seconds.

    This is what all three engines give back unchanged: MariaDB's DATETIME keeps no fraction, and neither it
    nor SQLite keeps a zone.
    """
    return dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)


class User(db.Model, UserMixin):
    """A person with an account. `email` is stored as `app.accounts.service.normalise_email` returns it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    display_name: Mapped[str] = mapped_column(String(100))
    is_admin: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime] = mapped_column(DateTime, default=utc_now)
    profile_picture: Mapped[str | None] = mapped_column(String(255))
    birth_date: Mapped[dt.date | None]

    def get_id(self) -> str:
        """Return what the session remembers of this person: the id and a token that ends with the password.

        The token is a digest of the salted password hash, so that a changed password ends every session that
        was opened with the old one, without a table of sessions.
        """
        return f"{self.id}.{hashlib.sha256(self.password_hash.encode()).hexdigest()[:32]}"
