"""Mend what rules can mend mechanically, in revisions that no database has applied."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import UsageProblem
from ..core.server import Server
from ..scripts import directory, graph
from ..scripts.files import write_atomically
from ..scripts.renderer import renderer_for
from ..scripts.rewriter import CannotRewriteError, Replacement, rewrite
from .git import files_at
from .lint import applied_revisions, lint, version_folders, versions_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..core.finding import Finding
    from ..core.judgement import Judgement
    from ..core.settings import Settings
    from .lint import Request
    from .target import Target

# A fix may bring up another rule; fixes that chase each other stop here.
MOST_ROUNDS = 10


def fix(target: Target, settings: Settings, request: Request, *, unsafe: bool = False) -> Iterator[str]:
    """Rewrite revisions until no finding with a safe fix is left; yields a line for each change.

    :param unsafe: also apply fixes that end in another schema than the revision as it is.
    :raise UsageProblem: it cannot be known which revisions are applied.
    """
    untouchable = _applied_paths(target, request)
    refused: set[tuple[str | None, int | None]] = set()
    for _ in range(MOST_ROUNDS):
        judgement = lint(target, settings, request)
        mendable = [f for f in _mendable(judgement, unsafe=unsafe) if (f.path, f.line) not in refused]
        if not mendable:
            return
        for path in dict.fromkeys(finding.path for finding in mendable if finding.path):
            mine = [finding for finding in mendable if finding.path == path]
            if Path(path).resolve() in untouchable:
                refused.update((finding.path, finding.line) for finding in mine)
                yield f"{path}: left as it is, because it has been applied; write a new revision instead."
                continue
            yield from _mend(Path(path), mine, refused)


def _mendable(judgement: Judgement, *, unsafe: bool) -> list[Finding]:
    """Return the open findings with a fix that may be applied, one for each place."""
    chosen: dict[tuple[str | None, int | None], Finding] = {}
    for finding in judgement.open:
        if finding.fix is not None and (finding.fix.safe or unsafe) and finding.line:
            chosen.setdefault((finding.path, finding.line), finding)
    return list(chosen.values())


def _mend(
    path: Path, findings: Sequence[Finding], refused: set[tuple[str | None, int | None]]
) -> Iterator[str]:
    """Rewrite one file from its end, so that the lines above stay where they are."""
    source = path.read_text(encoding="utf-8")
    for finding in sorted(findings, key=lambda f: f.line or 0, reverse=True):
        try:
            source = mended(source, finding)
        except CannotRewriteError as error:
            refused.add((finding.path, finding.line))
            yield f"{path}:{finding.line}: {finding.rule} is left to you, because {error}."
        else:
            title = finding.fix.title if finding.fix else ""
            yield f"{path}:{finding.line}: {finding.rule}: {title}."
    write_atomically(path, source)


def mended(source: str, finding: Finding) -> str:
    """Return a file's text with the fix of one finding in it.

    :raise CannotRewriteError: the operation stands where it cannot be replaced.
    """
    if finding.fix is None or finding.line is None:
        raise CannotRewriteError("it has no fix")
    server = Server.parse((finding.server or "postgresql").split(",")[0])
    return rewrite(source, Replacement(finding.line, renderer_for(server)(finding.fix.steps)))


def _applied_paths(target: Target, request: Request) -> set[Path]:
    """Return the files that must not change: what the database has, or what the commit has."""
    if request.since_git:
        folders = [versions_folder(request.folder)] if request.folder else version_folders(target)
        return {
            (folder / path).resolve() for folder in folders for path in files_at(request.since_git, folder)
        }
    if request.folder:
        raise UsageProblem(
            "`--fix` cannot know which revisions of another folder have been applied.",
            hint="Say so with `--since-git REF`: files that exist at REF are left as they are.",
        )
    history = directory.read(version_folders(target))
    applied = graph.ancestors(history.revisions, applied_revisions(target))
    return {revision.path.resolve() for revision in history.revisions if revision.id in applied}
