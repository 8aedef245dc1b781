"""Writes revision files: whole or not at all, and only such as Python can read.

Every command reads every revision file. One that cannot be imported, because a message held three quotes or the
machine stopped half-way, would take all commands down with it.
"""

from __future__ import annotations

import runpy
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic import util
from alembic.script import ScriptDirectory

from ..core.errors import SchemaError, UsageProblem
from ..core.revision import LONGEST_ID
from ..core.wording import listed, shown
from .names import undefined_names

if TYPE_CHECKING:
    from alembic.config import Config


class Message(str):
    """A revision's message. As a value it is what was typed; where a template prints it, it is safe in a docstring.

    So it also arrives whole in a project whose `script.py.mako` knows nothing of this.
    """

    __slots__ = ()

    def __str__(self) -> str:
        """Return the text between three quotes that Python reads as this message."""
        return escaped(str.__str__(self))


def escaped(text: str) -> str:
    """Make a text safe between three double quotes: no quote ends it, no backslash changes it.

    Line ends and tabs stay. Other control characters, and what UTF-8 cannot hold, are written as escapes.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\\", "\\\\").replace('"', '\\"')
    if '"""' not in text and not text.endswith('"'):
        plain = plain.replace('\\"', '"')
    return "".join(map(_visible, plain))


def _visible(character: str) -> str:
    if character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs"):
        return character
    return f"\\u{ord(character):04x}"


class RevisionFolder(ScriptDirectory):
    """Alembic's script directory, with careful writing."""

    @classmethod
    def from_config(cls, config: Config) -> RevisionFolder:
        """Open the folder that a configuration names."""
        folder: Any = ScriptDirectory.from_config(config)
        folder.__class__ = cls
        careful: RevisionFolder = folder
        return careful

    def generate_revision(self, revid: str, message: str | None, *args: Any, **kw: Any) -> Any:
        """Write a revision file.

        :raises UsageProblem: if the id is too long for the version table, or in use.
        """
        taken = next((script for script in self.walk_revisions() if script.revision == revid), None)
        if taken is not None:
            raise UsageProblem(
                f"There is a revision '{revid}' already: {shown(taken.path)}.",
                hint="Give another `--rev-id`, or none.",
            )
        if len(revid) > LONGEST_ID:
            raise UsageProblem(
                f"The revision id '{revid}' has {len(revid)} characters.",
                expected=f"The version table holds {LONGEST_ID}.",
                hint="Give a shorter `--rev-id`, or none.",
            )
        return super().generate_revision(revid, message if message is None else Message(message), *args, **kw)

    def _rev_path(self, *args: Any, **kw: Any) -> Path:
        """Name the file; one without words in its message does not end in an underscore."""
        path = super()._rev_path(*args, **kw)
        return path.with_stem(path.stem.rstrip("_") or path.stem)

    def _generate_template(self, src: Path, dest: Path, **kw: Any) -> None:
        """Render to a file beside the wanted one, run it once, and give it its name."""
        draft = dest.with_name(f".{dest.name}.draft")
        with util.status(f"Generating {dest.absolute()}", **self.messaging_opts):
            try:
                util.template_to_file(src, draft, self.output_encoding, **kw)
                _import(draft, dest)
                draft.replace(dest)
            finally:
                draft.unlink(missing_ok=True)


def _import(draft: Path, dest: Path) -> None:
    try:
        runpy.run_path(str(draft), run_name=dest.stem)
    except Exception as error:
        raise SchemaError(
            f"The revision was not written: {shown(dest)} would fail with {type(error).__name__}: {error}.",
            hint="Correct what it is made from: script.py.mako, or the type or default that the models name.",
        ) from error
    unknown = undefined_names(draft.read_text(encoding="utf-8"))
    if unknown:
        raise SchemaError(
            f"The revision was not written: {shown(dest)} would use {listed(unknown)}, which nothing in it defines.",
            hint=f"Add `import {unknown[0]}` to script.py.mako, below `import sqlalchemy as sa`, or write such types "
            "with the `render_item` of `Migrate`.",
        )
