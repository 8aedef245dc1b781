"""Accounts: sign up, log in, profile with picture and birth date.

* `views`: addresses and pages     * `forms`: what people may type
* `service`: what happens to accounts; knows no request
* `passwords`: hashing     * `pictures`: profile pictures as files
* `sessions`: who is logged in, and where to go afterwards
* `limits`: how often may be tried     * `commands`: `flask accounts …`
"""

from __future__ import annotations

from flask import Flask

from app.accounts import passwords, sessions
from app.accounts.commands import group
from app.accounts.views import accounts


def init_app(app: Flask) -> None:
    """Add accounts to `app`."""
    passwords.init_app(app)
    sessions.init_app(app)
    app.register_blueprint(accounts)
    app.cli.add_command(group)
