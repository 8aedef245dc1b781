"""How much of real histories the linter understands: `python bench/histories.py FOLDER[:SERVER] …`.

FOLDER is a versions folder of any project. Prints, for each, how many revisions were judged, how many of them in full,
and the strongest lock that each revision is predicted to take on tables that existed before it. Nothing of a history is
kept. Its revisions are programs: run this as a user who may do no harm.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.schema.core.effect import Lock  # noqa: E402  (a program started by its path says where the application is)
from app.schema.core.server import Server  # noqa: E402  (likewise)
from app.schema.core.state import State  # noqa: E402  (likewise)
from app.schema.dialects.effects import effects_of  # noqa: E402  (likewise)
from app.schema.scripts import directory  # noqa: E402  (likewise)
from app.schema.scripts.replay import replay_step  # noqa: E402  (likewise)
from app.schema.workflows.judging import Files, judge  # noqa: E402  (likewise)

_LOCKS = {str(lock): lock for lock in Lock}


def main(arguments: list[str]) -> None:
    """Print a paragraph for each folder."""
    for argument in arguments:
        folder, _, server = argument.partition(":")
        _report(Path(folder), Server.parse(server or "postgresql:15"))


def _report(folder: Path, server: Server) -> None:
    start = time.perf_counter()
    files = Files(directory.read([folder], recursive=True))
    judgement = judge(files, [revision.id for revision in files.ordered], [server])
    whole = len(judgement.judged) - len(judgement.unclear)
    share = 100 * whole / max(len(judgement.judged), 1)
    print(
        f"{folder} for {server}: {len(judgement.judged)} revisions judged in {time.perf_counter() - start:.1f} s"
    )
    print(f"  understood in full: {whole} ({share:.0f} %); findings: {judgement.summary}")
    if server.engine == "postgresql":
        print(f"  strongest lock on a table that was there before: {_locks(files, server)}")


def _locks(files: Files, server: Server) -> str:
    state, strongest, rewrites = State(), Counter[str](), 0
    for revision in files.ordered:
        lock, rewritten = Lock.NONE, False
        for step in files.recording(revision, server, places=True).operations:
            for effect in effects_of(step, state, server):
                known = state.table(effect.table)
                if known is not None and known.created_in != revision.id:
                    lock = max(lock, _LOCKS[effect.lock])
                    rewritten = rewritten or effect.rewrites
            replay_step(state, step, revision.id, server.engine)
        strongest[str(lock)] += 1
        rewrites += rewritten
    return ", ".join(
        [*(f"{name} {count}" for name, count in strongest.most_common()), f"rewritten {rewrites}"]
    )


if __name__ == "__main__":
    main(sys.argv[1:])
