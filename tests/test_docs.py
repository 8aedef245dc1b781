"""What can be typed and set is documented, and what is documented exists."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import click
import pytest

from app.schema.core.settings import PREFIX, names
from tools import docs, rules_page

ROOT = Path(__file__).parent.parent
README = docs.README.read_text()
PAGES = [docs.README, *sorted((ROOT / "docs").rglob("*.md"))]
COMMANDS = list(docs.commands())

# A command of Alembic whose help is empty would pass unseen without this number.
SHORTEST_HELP = 10


def test_generated_blocks_of_the_readme_are_fresh() -> None:
    assert docs.fresh(README) == README, "run `make docs`"


def test_page_of_rules_is_fresh() -> None:
    assert rules_page.page() == rules_page.PAGE.read_text(), "run `make docs`"


def test_stale_block_is_written_anew_and_the_rest_is_kept() -> None:
    page = "before\n<!-- generated: make -->\nold\n<!-- end -->\nafter\n"

    fresh = docs.fresh(page)

    assert fresh.startswith("before\n<!-- generated: make -->\n| command |")
    assert fresh.endswith("|\n<!-- end -->\nafter\n")
    assert "old" not in fresh
    assert "`make run`" in fresh


def test_every_command_is_in_the_readme() -> None:
    assert COMMANDS
    assert [name for name, _ in COMMANDS if f"`{name}" not in README] == []


@pytest.mark.parametrize("command", [it for _, it in COMMANDS], ids=[name for name, _ in COMMANDS])
def test_command_says_what_it_and_each_of_its_options_do(command: click.Command) -> None:
    silent = [it.name for it in command.params if isinstance(it, click.Option) and not it.help]

    assert len(docs.first_sentence(command)) >= SHORTEST_HELP
    assert silent == []


def settings() -> list[str]:
    """The settings of the schema engine, and what `config.py` sets."""
    set_here = re.findall(r"\bSCHEMA_[A-Z_]+\b", (ROOT / "config.py").read_text())
    return sorted({*set_here, *(PREFIX + name.upper() for name in names())})


@pytest.mark.parametrize("setting", settings())
def test_setting_is_documented(setting: str) -> None:
    assert any(f"`{setting}`" in page.read_text() for page in PAGES), (
        f"README.md or a page of docs/ must say `{setting}`"
    )


def test_every_folder_is_on_the_map() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    if not listed:  # a copy without its repository
        listed = [str(path.relative_to(ROOT)) for path in ROOT.glob("[!.]*/*") if path.is_file()]
    folders = {path.split("/")[0] for path in listed if "/" in path and not path.startswith(".")}

    assert [folder for folder in sorted(folders) if f"{folder}/" not in README] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text())

    assert [target for target in targets if not (page.parent / target).exists()] == []
