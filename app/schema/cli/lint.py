"""`flask db lint`."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import current_app

from ..core.finding import Severity
from ..core.settings import Settings
from ..report import formats, write
from ..workflows.explain_rule import explain_rule, list_rules
from ..workflows.lint import Request, lint
from ..workflows.servers import parsed
from ._group import target
from ._options import x_arg_option

_THRESHOLDS = {"error": Severity.ERROR, "warning": Severity.WARNING, "never": None}


@click.command()
@click.option(
    "-d", "--directory", default=None, help="Versions folder to judge, of this or of any other project"
)
@x_arg_option
@click.option(
    "--since-git", metavar="REF", help="Judge what was added since REF, and what was edited or deleted"
)
@click.option("--targets", multiple=True, help='Servers to judge for, such as "postgresql:15,sqlite"')
@click.option("--format", "format_name", type=click.Choice(formats()), default="text", help="Output format")
@click.option(
    "--fail-on", type=click.Choice(list(_THRESHOLDS)), default="error", help="Exit with 1 from here on"
)
@click.option(
    "--live", is_flag=True, help="Look into the connected database: rows, sizes, NULLs, duplicates, orphans"
)
@click.option(
    "--fix", "apply_fixes", is_flag=True, help="Rewrite what can be mended, in revisions not yet applied"
)
@click.option("--unsafe-fixes", is_flag=True, help="With --fix: also where the outcome is another schema")
@click.option("--explain", metavar="RULE", help="Print the documentation of a rule")
@click.option("--list-rules", "only_list", is_flag=True, help="List the rules")
@click.argument("revisions", nargs=-1)
def command(
    directory: str | None,
    x_arg: tuple[str, ...],
    since_git: str | None,
    targets: tuple[str, ...],
    format_name: str,
    fail_on: str,
    live: bool,
    apply_fixes: bool,
    unsafe_fixes: bool,
    explain: str | None,
    only_list: bool,
    revisions: tuple[str, ...],
) -> None:
    """Judge what revisions would do to a running site

    REVISIONS are ids or ranges such as base:head. Without any, what is pending on the connected database is judged.

    Example: flask db lint --targets postgresql:15 --since-git main
    """
    if explain or only_list:
        click.echo(explain_rule(explain) if explain else list_rules())
        return
    request = Request(revisions, since_git, parsed(targets), Path(directory) if directory else None, live)
    where, settings = target(None, x_arg), Settings.from_config(current_app.config)
    if apply_fixes or unsafe_fixes:
        # Rewriting brings a parser of Python files; only whoever rewrites waits for it.
        from ..workflows.fixing import fix

        for line in fix(where, settings, request, unsafe=unsafe_fixes):
            click.echo(line, err=format_name != "text")
    judgement = lint(where, settings, request)
    write(judgement, format_name, sys.stdout)
    threshold = _THRESHOLDS[fail_on]
    if threshold is not None and judgement.at_least(threshold):
        raise SystemExit(1)
