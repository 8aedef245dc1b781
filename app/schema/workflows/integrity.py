"""Before an upgrade: do the files still say what was applied to the database? Also where nothing is pending."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..core.errors import HistoryBroken
from ..core.finding import Finding, Severity
from ..core.wording import counted, listed
from ..ledger.store import LedgerStore
from ..ledger.verify import EDITED, FAILED, INTERRUPTED, NO_LEDGER, verify
from ..runner.server import server_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic.runtime.migration import MigrationContext

    from .target import Target

# What an upgrade goes on from, or begins.
_NOT_FOR_AN_UPGRADE = (NO_LEDGER, INTERRUPTED, FAILED)


@dataclass
class Integrity:
    """Compares one database after the other with the files.

    :param cosmetic: the applied revisions of the last one whose files differ and mean the same.
    """

    target: Target
    cosmetic: tuple[str, ...] = field(default=())

    def __call__(self, context: MigrationContext, heads: Iterable[str]) -> None:
        """Compare before the first statement. One round trip where there is no ledger, two where there is.

        :raises HistoryBroken: if a revision that is applied does something else now, is gone, or was never run.
        """
        connection: Any = context.connection
        store = LedgerStore(connection, context.version_table, context.version_table_schema)
        entries = store.read() if store.exists() else []
        if not entries:
            return
        # A database without a ledger, which is all that an empty one is, must not wait for this to be loaded.
        from .evidence import files_of_alembic, gathered

        files = files_of_alembic(context.script)  # type: ignore[arg-type]  # an environment sets it
        found = verify(gathered(store, entries, heads, files, server_of(connection)))
        self._tell([it for it in found if it.rule not in _NOT_FOR_AN_UPGRADE])

    def _tell(self, findings: list[Finding]) -> None:
        errors = [it for it in findings if it.severity is Severity.ERROR]
        notes = [it for it in findings if it.severity is Severity.INFO and it.rule == EDITED]
        self.cosmetic = tuple(str(it.revision) for it in notes)
        if errors:
            raise broken(errors, self.target)
        for finding in findings:
            if finding.severity is Severity.WARNING:
                self.target.tell(f"Warning: {finding.message.partition(_DIFF)[0]}")
        if notes:
            self.target.tell(
                f"{counted(len(notes), 'applied revision')} differ from what was applied in their text only: "
                f"{listed(self.cosmetic)}."
            )


_DIFF = "\n\n"


def broken(errors: list[Finding], target: Target) -> HistoryBroken:
    """Return the error that says why nothing is run; what differs in the files is told right away."""
    for finding in errors:
        _sentence, _, diff = finding.message.partition(_DIFF)
        if diff:
            target.tell(diff)
    sentences = [finding.message.partition(_DIFF)[0] for finding in errors]
    if len(errors) == 1:
        found = sentences[0]
    else:
        numbered = " ".join(f"({number}) {sentence}" for number, sentence in enumerate(sentences, 1))
        found = f"Files and database contradict each other in {len(errors)} places: {numbered}"
    return HistoryBroken(f"{found} Nothing was run.", hint=errors[0].instead)
