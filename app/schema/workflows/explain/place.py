"""How a database is called in a message. A password is never part of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

_PRODUCTS = {"postgresql": "PostgreSQL", "mysql": "MySQL", "mariadb": "MariaDB", "sqlite": "SQLite"}
_PORTS = {"postgresql": 5432, "mysql": 3306, "mariadb": 3306}
_PASSWORD = re.compile(r"(\w+://[^:/@\s]*:)[^@\s]+@")
_SHORTEST_SECRET = 4


def product(url: URL | None) -> str:
    """The name of the database product."""
    name = url.get_backend_name() if url else ""
    return _PRODUCTS.get(name, name or "The database")


def server(url: URL | None) -> str:
    """Product and address of the server, such as "PostgreSQL on db.example.org:5432"."""
    if url is None:
        return "The database"
    return f"{product(url)} on {address(url)}"


def address(url: URL) -> str:
    """Host and port of the server, with the defaults of its product."""
    port = url.port or _PORTS.get(url.get_backend_name())
    return f"{url.host or 'localhost'}:{port}" if port else str(url.host or "localhost")


def masked(url: URL) -> str:
    """The URL with the password replaced."""
    return url.render_as_string(hide_password=True)


def without_secrets(text: str, url: URL | None) -> str:
    """The text without a password of any URL in it, and without that of `url` wherever it stands."""
    text = _PASSWORD.sub(r"\1***@", text)
    password = str(url.password or "") if url else ""
    return text.replace(password, "***") if len(password) >= _SHORTEST_SECRET else text
