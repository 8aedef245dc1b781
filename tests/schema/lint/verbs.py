"""The two verbs that every rule is tested with, and the history that they judge on top of.

A case is the body of an `upgrade()` function, 3 to 10 lines, or `def upgrade():` and `def downgrade():` with their
bodies. It runs after `HISTORY`, or after what `before` gives.
"""

from __future__ import annotations

import ast
import datetime as dt
import re
import tempfile
import textwrap
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.schema.core.finding import Finding
from app.schema.core.server import Server
from app.schema.core.state import State
from app.schema.dialects.effects import effects_of
from app.schema.lint.catalogue import Entry, by_id
from app.schema.lint.engine import Judge, usual_rules
from app.schema.lint.rule import Environment
from app.schema.scripts.recorder import record
from app.schema.scripts.renderer import renderer_for
from app.schema.scripts.replay import replay_step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.schema.core.facts import Facts
    from app.schema.core.recorded import Recording

TODAY = dt.date(2026, 11, 22)

# Two related tables with every common kind of column, one that stands alone, on PostgreSQL a partitioned one, and on
# SQLite three that delete with one another.
HISTORY = """
op.create_table(
    "account",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("email", sa.String(255), nullable=False),
    sa.Column("name", sa.String(50)),
    sa.Column("age", sa.Integer()),
    sa.Column("balance", sa.Numeric(10, 2)),
    sa.Column("bio", sa.Text()),
    sa.Column("country", sa.CHAR(2)),
    sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true()),
    sa.Column("created_at", sa.DateTime()),
    sa.UniqueConstraint("email", name="uq_account_email"),
)
op.create_table(
    "book",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("account_id", sa.Integer()),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("isbn", sa.String(13)),
    sa.Column("pages", sa.SmallInteger()),
    sa.Column("status", sa.Enum("draft", "published", name="book_status")),
    sa.Column("data", sa.JSON()),
    sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_book_account_id_account"),
    sa.CheckConstraint("pages > 0", name="ck_book_pages"),
    sa.CheckConstraint("isbn <> 'none'", name="ck_book_isbn_given"),
)
op.create_index("ix_book_title", "book", ["title"])
op.create_index("ix_book_account_id", "book", ["account_id"])
op.create_table("shelf", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("label", sa.String(40)))
if op.get_context().dialect.name == "postgresql":
    op.create_table(
        "visit",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("page", sa.String(40)),
        postgresql_partition_by="RANGE (day)",
    )
    op.execute("CREATE DOMAIN postcode AS varchar(10)")
    op.execute("ALTER TABLE visit ADD COLUMN origin postcode")
    op.execute("CREATE TABLE visit_2025 PARTITION OF visit FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')")
    op.execute("CREATE VIEW visit_page AS SELECT day, page FROM visit")
    op.execute("CREATE MATERIALIZED VIEW visit_count AS SELECT day, count(*) AS number FROM visit GROUP BY day")
    op.execute("CREATE UNIQUE INDEX uq_visit_count_day ON visit_count (day)")
if op.get_context().dialect.name == "sqlite":
    op.create_table("forum", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("place", sa.Integer()))
    op.create_table(
        "topic",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("forum_id", sa.Integer()),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name="fk_topic_forum_id_forum", ondelete="CASCADE"),
    )
    op.create_table(
        "reply",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("parent_id", sa.Integer()),
        sa.Column("likes", sa.Integer()),
        sa.ForeignKeyConstraint(["parent_id"], ["reply.id"], name="fk_reply_parent_id_reply", ondelete="CASCADE"),
    )
"""

_FILE = """\
from alembic import op
import sqlalchemy as sa

revision = "{revision}"
down_revision = {parent!r}
{top}

def upgrade():
{upgrade}


def downgrade():
{downgrade}
"""


def revision_source(
    body: str, revision: str, parent: str | None, *, downgrade: str = "pass", top: str = ""
) -> str:
    """Return the text of a revision file. A line `allow = …` in the body moves to the top."""
    lines = textwrap.dedent(body).strip("\n").splitlines()
    if "def upgrade():" in lines:
        start, end = lines.index("def upgrade():"), lines.index("def downgrade():")
        downgrade = "\n".join(lines[end + 1 :])
        lines = [*lines[:start], *textwrap.dedent("\n".join(lines[start + 1 : end])).splitlines()]
    tops = [line for line in lines if line.startswith(("allow =", "down_revision =", "import ", "from "))]
    rest = "\n".join(line for line in lines if line not in tops) or "pass"
    return _FILE.format(
        revision=revision,
        parent=parent,
        top="\n".join([top, *tops]),
        upgrade=textwrap.indent(rest, "    "),
        downgrade=textwrap.indent(textwrap.dedent(downgrade).strip("\n") or "pass", "    "),
    )


@cache
def recorded(source: str, revision: str, server: Server, direction: Any = "upgrade") -> Recording:
    """Record a revision given as text; the same text is recorded once."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{revision}.py"
        path.write_text(source, encoding="utf-8")
        return record(path, revision, server, direction, parents=_parents(source))


def _parents(source: str) -> tuple[str, ...]:
    """Return what `down_revision` says; the last one counts, as it does in Python."""
    value = ast.literal_eval(re.findall(r"^down_revision = (.+)$", source, re.MULTILINE)[-1])
    return (value,) if isinstance(value, str) else tuple(value or ())


def judge(
    body: str | Sequence[str],
    on: str,
    *,
    before: str | Sequence[str] = HISTORY,
    downgrade: str | None = None,
    later: Sequence[str] = (),
    ask: str | None = None,
    facts: Facts | None = None,
    **environment: Any,
) -> list[Finding]:
    """Return what is found in the revision(s) `body`, on a server such as `postgresql:15`.

    `before` and `later` are revisions around them that are not judged. Without `downgrade` the revision is given a
    downgrade that says on purpose that there is none, so that rules about downgrades keep quiet. `ask` is the id of a
    rule that is asked although it may be off by default, `facts` what is known about a live database. A line
    `# transaction_per_migration = False` in a body sets
    the environment.
    """
    server = Server.parse(on)
    judged, past = _list(body), _list(before)
    down = 'raise NotImplementedError("not reversible")' if downgrade is None else downgrade
    names = [f"r{number}" for number in range(len(past) + len(judged) + len(later))]
    texts = [
        revision_source(text, name, names[number - 1] if number else None, downgrade=down)
        for number, (name, text) in enumerate(zip(names, [*past, *judged, *later], strict=True))
    ]
    recordings = [recorded(text, name, server) for name, text in zip(names, texts, strict=True)]
    downgrades = [recorded(text, name, server, "downgrade") for name, text in zip(names, texts, strict=True)]
    work = Judge(
        server,
        State(),
        replay_step,
        effects_of,
        renderer_for(server),
        facts=facts,
        environment=Environment(**{**_environment("\n".join(judged)), **environment}),
        rules=_asked(ask),
        today=TODAY,
    )
    for recording in recordings[: len(past)]:
        work.skip(recording)
    found: list[Finding] = []
    for number in range(len(past), len(past) + len(judged)):
        found += work.judge(recordings[number], downgrades[number], later=recordings[number + 1 :])
    return found


def _asked(ask: str | None) -> tuple[Entry, ...]:
    extra = by_id()[ask] if ask else None
    return usual_rules() if extra is None or extra.rule.default else (*usual_rules(), extra)


def _environment(body: str) -> dict[str, Any]:
    return {
        name: value == "True" for name, value in re.findall(r"^# (\w+) = (True|False)$", body, re.MULTILINE)
    }


def judge_source(source: str, on: str) -> list[Finding]:
    """Return what is found in the text of a revision `r1` that follows `HISTORY`."""
    server = Server.parse(on)
    work = Judge(server, State(), replay_step, effects_of, renderer_for(server), today=TODAY)
    work.skip(recorded(revision_source(HISTORY, "r0", None), "r0", server))
    return work.judge(recorded(source, "r1", server), recorded(source, "r1", server, "downgrade"))


def _list(text: str | Sequence[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def assert_flags(rule: str, body: str | Sequence[str], on: str, *, times: int = 1, **kwargs: Any) -> Finding:
    """Assert that a rule fires `times` times, and return its first finding. `kwargs` as for `judge`."""
    findings = judge(body, on, ask=rule, **kwargs)
    mine = [finding for finding in findings if finding.rule == rule and finding.allowed is None]
    assert len(mine) == times, f"{rule} fired {len(mine)} times; found: {[f.object_key for f in findings]}"
    return mine[0]


def assert_clean(rule: str, body: str | Sequence[str], on: str, **kwargs: Any) -> None:
    """Assert that a rule says nothing. `kwargs` as for `judge`."""
    findings = judge(body, on, ask=rule, **kwargs)
    mine = [finding for finding in findings if finding.rule == rule and finding.allowed is None]
    assert not mine, f"{rule} fired: {[finding.message for finding in mine]}"
