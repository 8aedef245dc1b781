"""A history that uses every kind of operation, for the tests that kill its runner at each of its steps.

The revisions are files in `crash_revisions`: those that suit every engine in `common`, the others in the folder of
their engine, where a file stands for the common one of the same name. In the second way of writing them all changes
run in autocommit blocks, where no transaction takes anything back.
"""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent / "crash_revisions"
HEAD = "last5"


def write(engine: str, versions: Path, *, at_once: bool) -> None:
    """Write the revisions into the folder of a project.

    :param at_once: in autocommit blocks, as far as the revisions leave the choice.
    """
    versions.mkdir(parents=True, exist_ok=True)
    files = {file.name: file for place in ("common", engine) for file in (_FOLDER / place).glob("r*.py")}
    for name, file in files.items():
        (versions / name).write_text(
            file.read_text().replace("\nAT_ONCE = False\n", f"\nAT_ONCE = {at_once}\n")
        )
