"""Write the generated blocks of README.md and the page of rules anew: `make docs`.

A block stands between `<!-- generated: NAME -->` and `<!-- end -->`. What it says comes from the code, so that it
cannot be out of date: `tests/test_docs.py` fails where a block differs from what this program would write.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import main  # noqa: E402  (a program that is started by its path has to say where the application is)
from tools import rules_page  # noqa: E402  (likewise)

README = ROOT / "README.md"
GROUPS = ("db", "accounts")
BLOCK = re.compile(r"(?<=<!-- generated: )(\w+)( -->\n).*?(?=<!-- end -->)", re.DOTALL)


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield the name, as it is typed, and the command, for all commands of the application's own groups."""
    registered = main.create_app("testing").cli.commands
    for group in GROUPS:
        found = registered.get(group)
        if isinstance(found, click.Group):
            context = click.Context(found)
            for name in sorted(found.list_commands(context)):
                if command := found.get_command(context, name):
                    yield f"flask {group} {name}", command


def arguments(command: click.Command) -> str:
    """Return the arguments as in `--help`, without the word for options."""
    pieces = command.collect_usage_pieces(click.Context(command))
    return " ".join(piece for piece in pieces if piece != command.options_metavar)


def options(command: click.Command) -> str:
    """Return the long names of all options."""
    found = [max(it.opts, key=len) for it in command.params if isinstance(it, click.Option) and not it.hidden]
    return " ".join(f"`{name}`" for name in found)


def first_sentence(command: click.Command) -> str:
    """Return the first paragraph of a command's help, on one line."""
    paragraph = (command.help or "").strip().split("\n\n")[0]
    return " ".join(paragraph.split()).rstrip(".")


def command_table() -> str:
    """Return all commands as a table in Markdown."""
    rows = ["| command | what it does | options |", "|---|---|---|"]
    for name, command in commands():
        typed = f"{name} {arguments(command)}".strip()
        cells = [f"`{typed}`", first_sentence(command), options(command)]
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows) + "\n"


def make_table() -> str:
    """Return what `make help` prints."""
    targets = re.findall(r"^([a-z]+):.*## (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    return (
        "\n".join(["| command | what it does |", "|---|---|", *(f"| `make {a}` | {b} |" for a, b in targets)])
        + "\n"
    )


BLOCKS = {"commands": command_table, "make": make_table}


def fresh(text: str) -> str:
    """Return a page with its generated blocks as they should be."""
    return BLOCK.sub(lambda found: found[1] + found[2] + BLOCKS[found[1]](), text)


if __name__ == "__main__":
    README.write_text(fresh(README.read_text()))
    rules_page.PAGE.write_text(rules_page.page())
