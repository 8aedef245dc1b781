"""Options that several commands have, worded alike."""

from __future__ import annotations

import click

directory_option = click.option(
    "-d", "--directory", default=None, help='Migration script directory (default is "migrations")'
)
x_arg_option = click.option(
    "-x", "--x-arg", multiple=True, help="Additional arguments consumed by custom env.py scripts"
)
sql_option = click.option(
    "--sql", is_flag=True, help="Don't emit SQL to database - dump to standard output instead"
)
tag_option = click.option(
    "--tag", default=None, help='Arbitrary "tag" name - can be used by custom env.py scripts'
)
verbose_option = click.option("-v", "--verbose", is_flag=True, help="Use more verbose output")
branch_label_option = click.option(
    "--branch-label", default=None, help="Specify a branch label to apply to the new revision"
)
rev_id_option = click.option(
    "--rev-id", default=None, help="Specify a hardcoded revision id instead of generating one"
)
message_option = click.option("-m", "--message", default=None, help="Revision message")
head_option = click.option(
    "--head", default="head", help="Specify head revision or <branchname>@head to base new revision on"
)
splice_option = click.option(
    "--splice", is_flag=True, help='Allow a non-head revision as the "head" to splice onto'
)
version_path_option = click.option(
    "--version-path", default=None, help="Specify specific path from config for version file"
)
depends_on_option = click.option(
    "--depends-on",
    multiple=True,
    help="Revision or branch label of another branch that must be applied before; can be given several times",
)
