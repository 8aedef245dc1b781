"""What `flask db lint`, squawk and django-migration-linter say about the cases of this repository's own tests.

The cases are those of `tests/schema/lint/rules` for PostgreSQL that come to SQL without a database, as the other
linters read SQL. A case is dangerous if one of our rules must flag it, harmless if a test holds a rule to silence and
no rule of ours flags it. Both sets are ours, so that our own numbers say that the tests pass and no more; the others'
say how much of this ground they cover, and where they warn without need (or see a hazard that we leave to taste).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django_migration_linter.sql_analyser import PostgresqlAnalyser
from django_migration_linter.sql_analyser.analyser import analyse_sql_statements

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.schema.core.server import Server  # noqa: E402  (a program started by its path says where the application is)
from app.schema.scripts.sql_text import sql_of  # noqa: E402  (likewise)
from tests.schema.lint import verbs  # noqa: E402  (likewise)

SERVER = "postgresql:15"
TASTE = (
    "prefer-robust-stmts",
    "require-timeout-settings",
    "prefer-text-field",
    "prefer-bigint-over-int",
    "prefer-bigint-over-smallint",
    "prefer-identity",
    "prefer-timestamptz",
    "ban-char-field",
)


@dataclass(frozen=True)
class Case:
    """The SQL of one case, whether a rule must flag it, and whether any rule of ours does."""

    sql: tuple[str, ...]
    dangerous: bool
    flagged: bool


class Collector:
    """Runs the rules' tests and keeps the cases that the two verbs are called with."""

    def __init__(self) -> None:
        self.cases: dict[tuple[str, ...], Case] = {}

    def run(self) -> None:
        """Collect the cases."""
        verbs.assert_flags = self._wrapped(verbs.assert_flags, dangerous=True)
        verbs.assert_clean = self._wrapped(verbs.assert_clean, dangerous=False)
        options = ["-q", "-p", "no:randomly", "-p", "no:cacheprovider", "--no-header"]
        pytest.main([*options, str(ROOT / "tests" / "schema" / "lint" / "rules")])

    def _wrapped(self, verb: Any, *, dangerous: bool) -> Any:
        def asserted(rule: str, body: Any, on: str, **kwargs: Any) -> Any:
            result = verb(rule, body, on, **kwargs)
            if on == SERVER and isinstance(body, str) and not kwargs:
                self._keep(body, dangerous=dangerous)
            return result

        return asserted

    def _keep(self, body: str, *, dangerous: bool) -> None:
        server = Server.parse(SERVER)
        recording = verbs.recorded(verbs.revision_source(body, "r1", "r0"), "r1", server)
        parts = [sql_of(step, server) for step in recording.operations]
        if not parts or not all(parts):
            return
        sql = tuple(f"{statement.rstrip(';')};" for part in parts for statement in part)
        flagged = any(finding.allowed is None for finding in verbs.judge(body, SERVER))
        known = self.cases.get(sql)
        self.cases[sql] = Case(sql, dangerous or bool(known and known.dangerous), flagged)


def squawk(sql: tuple[str, ...], *options: str) -> bool:
    """True if squawk reports anything but a syntax error."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write("\n".join(sql))
        file.flush()
        program = str(Path(sys.executable).with_name("squawk"))
        command = [
            program,
            "--assume-in-transaction",
            "--pg-version",
            "15.0",
            "--reporter",
            "gcc",
            *options,
            file.name,
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = [line for line in done.stdout.splitlines() if ": warning: " in line or ": error: " in line]
    return any("syntax-error" not in line for line in found)


def squawk_without_taste(sql: tuple[str, ...]) -> bool:
    """The same without the rules that fire on nearly every statement: timeouts, IF EXISTS, choice of types."""
    return squawk(sql, f"--exclude={','.join(TASTE)}")


def django_migration_linter(sql: tuple[str, ...]) -> bool:
    """True if the analyser of django-migration-linter reports an error or a warning."""
    errors, _, warnings = analyse_sql_statements(PostgresqlAnalyser, list(sql))
    return bool(errors or warnings)


def main() -> None:
    """Print the table."""
    collector = Collector()
    collector.run()
    dangerous = [case for case in collector.cases.values() if case.dangerous]
    harmless = [case for case in collector.cases.values() if not case.dangerous and not case.flagged]
    print(f"{len(dangerous)} dangerous and {len(harmless)} harmless cases for {SERVER}")
    print(f"{'linter':29} {'caught':>16} {'falsely flagged':>18}")
    _row("flask db lint", [case.flagged for case in dangerous], [case.flagged for case in harmless])
    peers = {
        "squawk 2.70.0": squawk,
        "squawk, without matters of taste": squawk_without_taste,
        "django-migration-linter 6.0.0": django_migration_linter,
    }
    for name, linter in peers.items():
        _row(name, [linter(case.sql) for case in dangerous], [linter(case.sql) for case in harmless])


def _row(name: str, caught: list[bool], flagged: list[bool]) -> None:
    shares = [f"{sum(each)} ({100 * sum(each) / max(len(each), 1):.0f} %)" for each in (caught, flagged)]
    print(f"{name:33} {shares[0]:>12} {shares[1]:>18}")


if __name__ == "__main__":
    main()
