"""The `flask db` commands, one for each file.

A file `some_name.py` with an attribute `command` is the command `some-name`; files that begin with an underscore are
none. Each application gets a group of its own, so that the commands of one are never seen by another.
"""

from __future__ import annotations

from ._group import TargetMaker, command_group

__all__ = ["TargetMaker", "command_group"]
