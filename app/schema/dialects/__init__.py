"""All that is known about one database engine, one file each.

`for_name` finds the file by the name of SQLAlchemy's dialect; an engine without a file gets the cautious defaults
of `base`. Imports `core` and libraries only.
"""

from __future__ import annotations

from importlib import import_module, util

from .base import Dialect


def for_name(name: str) -> Dialect:
    """What is known about an engine.

    :param name: name of SQLAlchemy's dialect, such as "postgresql".
    """
    module = f"{__name__}.{name}"
    if name == "base" or not name.isidentifier() or util.find_spec(module) is None:
        return Dialect()
    dialect: Dialect = import_module(module).dialect
    return dialect
