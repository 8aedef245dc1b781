"""What git knows about the versions folder: files as they are at another commit."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from ..core.errors import UsageProblem

if TYPE_CHECKING:
    from pathlib import Path


def files_at(ref: str, folder: Path) -> dict[str, str]:
    """Return the Python files of a folder at a commit: path relative to the folder → text.

    :param ref: anything that names a commit: a branch, a tag, `HEAD~3`. The files of the merge base with HEAD are
        read where there is one, so that what others added to the branch meanwhile does not look deleted here.
    :raise UsageProblem: git is not there, the folder is in no repository, or the commit is unknown.
    """
    commit = _git(folder, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}", unknown=ref).strip()
    base = _merge_base(folder, commit) or commit
    listing = _git(folder, "ls-tree", "-r", "--name-only", "-z", base, "--", ".")
    paths = [name for name in listing.split("\0") if name.endswith(".py")]
    return {path: _git(folder, "show", f"{base}:./{path}") for path in paths}


def commit_of(folder: Path) -> str | None:
    """Return the commit that a folder is checked out at; `None` if it is in no repository, or git is not there."""
    try:
        done = _run(folder, "rev-parse", "--verify", "--quiet", "HEAD")
    except (UsageProblem, OSError):
        return None
    return done.stdout.strip() or None if done.returncode == 0 else None


def _merge_base(folder: Path, commit: str) -> str | None:
    done = _run(folder, "merge-base", "HEAD", commit)
    return done.stdout.strip() or None if done.returncode == 0 else None


def _git(folder: Path, *arguments: str, unknown: str | None = None) -> str:
    done = _run(folder, *arguments)
    if done.returncode == 0:
        return done.stdout
    if unknown is not None and "not a git repository" not in done.stderr:
        raise UsageProblem(
            f"Git does not know '{unknown}'.",
            expected="Expected a branch, a tag or a commit.",
            hint="Type `git fetch` first if it is on the server only.",
        )
    raise UsageProblem(f"Git says about {folder}: {done.stderr.strip() or 'nothing'}.")


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603  (fixed program, arguments are passed as a list)
            ["git", "-C", str(folder), *arguments],  # noqa: S607  (the git that the user has)
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise UsageProblem("`--since-git` needs git, and it is not installed.") from error
