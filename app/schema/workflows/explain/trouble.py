"""One failure, taken apart once, so that each explanation only has to look."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from alembic.script.revision import RevisionError
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from ...core.errors import HistoryBroken
from ...core.wording import shown
from ...scripts import directory
from . import signs
from .configuration import wrong_configuration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.entry import Standing
    from ...core.errors import SchemaError
    from ...core.revision import Revision
    from .situation import Situation

E = TypeVar("E", bound=BaseException)


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file that was running when the error was raised.

    :param function: the outermost function of that file on the stack, "<module>" while it was loaded.
    """

    path: Path
    line: int
    function: str

    @property
    def loading(self) -> bool:
        """Whether the file was being loaded, rather than one of its functions running."""
        return self.function == "<module>"

    def __str__(self) -> str:
        """Return path and line as the user would type them."""
        return shown(self.path, self.line)


@dataclass(frozen=True)
class Trouble:
    """An error, and where it happened."""

    error: BaseException
    situation: Situation

    @cached_property
    def chain(self) -> tuple[BaseException, ...]:
        """The error and its causes, outermost first."""
        return tuple(_causes(self.error))

    def find(self, kind: type[E]) -> E | None:
        """The first error of this type among the error and its causes."""
        return next((error for error in self.chain if isinstance(error, kind)), None)

    @cached_property
    def history(self) -> directory.History:
        """The revision files as they are now."""
        return directory.read(self.situation.versions, recursive=self.situation.recursive)

    @cached_property
    def applied(self) -> tuple[str, ...] | None:
        """The revisions that the database stands at now; `None` where it does not answer."""
        return self.situation.applied()

    @cached_property
    def standing(self) -> Standing | None:
        """What the ledger says; `None` where there is none or the database does not answer."""
        return self.situation.standing()

    @cached_property
    def in_revision(self) -> Place | None:
        """The line of a revision file that was running."""
        return self._place(self.situation.versions)

    @cached_property
    def in_environment(self) -> Place | None:
        """The line of env.py that was running."""
        folder = self.situation.directory
        return self._place((folder / "env.py",)) if folder else None

    @cached_property
    def revision(self) -> Revision | None:
        """The revision whose file was running."""
        return self.history.by_path(self.in_revision.path) if self.in_revision else None

    @property
    def running_step(self) -> bool:
        """Whether `upgrade()` or `downgrade()` of a revision was running, and the fault may lie in it."""
        running = self.in_revision is not None and not self.in_revision.loading
        return running and (self.report is None or self.report.sign not in signs.OUTSIDE)

    @cached_property
    def report(self) -> signs.Report | None:
        """What the database said, if it did."""
        error = self.find(DBAPIError)
        return signs.read(error.orig, str(error)) if error else None

    @property
    def alembic(self) -> bool:
        """Whether Alembic refused, in its own words."""
        return self.find(CommandError) is not None or self.find(RevisionError) is not None

    @cached_property
    def unsound(self) -> HistoryBroken | None:
        """What is wrong with the revision files, if they can be the reason."""
        if self.running_step or self.report or self.configured:
            return None
        try:
            self.history.require_sound()
        except HistoryBroken as broken:
            return broken
        return None

    @property
    def no_revision(self) -> bool:
        """Whether an empty text was given as a revision; Alembic asserts that it is none."""
        return self._asserted_in("_revision_for_ident")

    @property
    def past_the_end(self) -> bool:
        """Whether more steps were asked for than there are; Alembic finds nothing and asserts that it found one."""
        return self._asserted_in("is_revision")

    def _asserted_in(self, function: str) -> bool:
        error = self.find(AssertionError)
        frames = list(_frames(error)) if error else []
        return bool(frames) and frames[-1].function == function

    @cached_property
    def configured(self) -> SchemaError | None:
        """What is wrong with the configuration, if that is the trouble."""
        if self.running_step:
            return None
        return next(filter(None, map(wrong_configuration, self.chain)), None)

    def _place(self, roots: tuple[Path, ...]) -> Place | None:
        wanted = tuple(os.path.realpath(root) for root in roots)
        for error in reversed(self.chain):
            frames = [frame for frame in _frames(error) if _below(frame.path, wanted)]
            if frames:
                last = frames[-1]
                functions = [frame.function for frame in frames if frame.path == last.path]
                return Place(
                    last.path, last.line, next((f for f in functions if f != "<module>"), "<module>")
                )
        return None


def _below(path: Path, roots: tuple[str, ...]) -> bool:
    real = os.path.realpath(path)
    return any(real == root or real.startswith(root + os.sep) for root in roots)


def _frames(error: BaseException) -> Iterator[Place]:
    """The places on the error's traceback, outermost first."""
    traceback = error.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        yield Place(Path(code.co_filename), traceback.tb_lineno, code.co_name)
        traceback = traceback.tb_next


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
