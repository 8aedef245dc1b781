"""The gate: revisions are judged before they run, and in a protected environment errors stop them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..core.errors import SchemaError, UsageProblem
from ..core.finding import Finding, Severity
from ..core.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic.runtime.migration import MigrationContext

    from ..core.judgement import Judgement
    from ..core.recorded import Direction
    from .target import Target


class Refused(SchemaError):
    """Pending revisions have error findings that nobody accepted, and the environment is protected."""

    def __init__(self, judgement: Judgement) -> None:
        self.judgement = judgement
        errors = judgement.at_least(Severity.ERROR)
        rules = sorted({f"{finding.rule}@{finding.revision}" for finding in errors})
        options = " ".join(f"--accept {rule}" for rule in rules)
        super().__init__(
            f"The pending revisions have {counted(len(errors), 'error finding')} ({', '.join(rules)}), and "
            "SCHEMA_PROTECTED is true; nothing was changed.",
            expected="A protected database takes revisions without error findings, or with accepted ones.",
            hint="Type `flask db lint` to see what to write instead. To let them through now, type "
            f'`flask db upgrade {options} --reason "why"`.',
        )


@dataclass(frozen=True)
class Acceptance:
    """Findings that somebody lets through for one run.

    :param rules: `RULE` or `RULE@REVISION`, where the revision may be shortened.
    :param reason: why; it is shown, and kept in the ledger.
    """

    rules: tuple[str, ...] = ()
    reason: str | None = None

    def __post_init__(self) -> None:
        if self.rules and not (self.reason or "").strip():
            raise UsageProblem("`--accept` needs a reason.", hint='Add `--reason "why"`.')
        if not self.rules:
            return
        # The rules are loaded where one is named, not for every start of `flask db`.
        from ..lint.catalogue import by_id

        unknown = [rule for rule in self.rules if rule.partition("@")[0] not in by_id()]
        if unknown:
            raise UsageProblem(
                f"There is no rule '{unknown[0].partition('@')[0]}'.",
                hint="Type `flask db lint --list-rules` to see all.",
            )

    @property
    def note(self) -> str | None:
        """What the ledger keeps of it."""
        return f"accepted {', '.join(self.rules)}: {self.reason}" if self.rules else None

    def covers(self, finding: Finding) -> bool:
        """True if the finding is let through."""
        return any(self._matches(rule, finding) for rule in self.rules)

    @staticmethod
    def _matches(rule: str, finding: Finding) -> bool:
        name, _, revision = rule.partition("@")
        # The linter is loaded by now: there is a finding.
        from ..lint.allow import Allowance

        return Allowance(name, "").covers(finding) and (finding.revision or "").startswith(revision)


@dataclass
class Gate:
    """Judges what is about to run on one database after the other.

    :param show: is given what was found, if anything was.
    """

    target: Target
    acceptance: Acceptance = field(default_factory=Acceptance)
    show: Callable[[Judgement], None] | None = None

    def __call__(self, context: MigrationContext, ids: tuple[str, ...], direction: Direction) -> None:
        """Judge revisions for the server that they are about to run on. What is taken back is not judged.

        :raise Refused: there are error findings that nobody accepted, in a protected environment.
        """
        if direction != "upgrade":
            return
        judgement = self._judged(context, ids)
        refuses = self.target.settings.protected and bool(judgement.at_least(Severity.ERROR))
        if judgement.open and self.show is not None:
            self.show(judgement)
        if refuses:
            raise Refused(judgement)

    def _judged(self, context: MigrationContext, ids: tuple[str, ...]) -> Judgement:
        connection = context.connection
        if connection is None:
            raise SchemaError("There is no connection to judge the pending revisions for.")
        # A database that is up to date judges nothing, and must not wait for the linter to be loaded.
        from .pending import files_of, judged_pending

        judgement = judged_pending(self.target, files_of(self.target), ids, connection)
        return replace(judgement, findings=[self._accepted(finding) for finding in judgement.findings])

    def _accepted(self, finding: Finding) -> Finding:
        if finding.allowed is None and self.acceptance.covers(finding):
            return replace(finding, allowed=self.acceptance.reason)
        return finding
