"""How well a live schema fits what a revision builds: a number, smaller is better, 0 is exactly.

Counted are differences as a person would count them. What is missing weighs double: an upgrade from there on never
makes it, where it fails aloud on what is there too early. A table that is there too early weighs as one difference if
any revision makes it as it is (`create_all` does that), and with all its parts if none does: the revision that fits it
in part must not lose against one that does not know it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .schema_difference import compare
from .snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from .schema_difference import SchemaDifference
    from .snapshot import Table

_MISSING = 2
_OTHERWISE = 1


class Fit:
    """Weighs the stages of one history against one live schema.

    :param live: the live schema.
    :param stages: what the revisions build. Stages share the tables that are the same in both.
    """

    def __init__(self, live: Snapshot, stages: Collection[Snapshot]) -> None:
        self._live = live
        self._forms: dict[str, dict[int, Table]] = {}
        for stage in stages:
            for key, table in stage.tables.items():
                self._forms.setdefault(key, {})[id(table)] = table
        self._weights: dict[int, int] = {}
        self._early = {key: self._of_early(table) for key, table in live.tables.items() if key in self._forms}

    @property
    def nothing(self) -> bool:
        """Whether the live schema has no table that the history ever makes."""
        return not self._early

    def of(self, stage: Snapshot) -> int:
        """Weigh one stage."""
        tables = sum(self._of_table(table) for table in stage.tables.values())
        early = sum(weight for key, weight in self._early.items() if key not in stage.tables)
        others = compare(
            Snapshot(stage.engine, others=stage.others), Snapshot(stage.engine, others=self._live.others)
        )
        return tables + early + _weight(others.differences)

    def _of_table(self, table: Table) -> int:
        """Each form of a table is compared once, however many stages have it."""
        if id(table) not in self._weights:
            live = self._live.tables.get(table.key)
            self._weights[id(table)] = _MISSING if live is None else self._between(table, live)
        return self._weights[id(table)]

    def _of_early(self, live: Table) -> int:
        forms = self._forms[live.key].values()
        parts = (live.columns, live.constraints, live.indexes)
        made = any(self._between(form, live) == 0 for form in forms)
        return _OTHERWISE if made else _OTHERWISE + sum(map(len, parts))

    def _between(self, table: Table, live: Table) -> int:
        one, other = (Snapshot(self._live.engine, {each.key: each}) for each in (table, live))
        return _weight(compare(one, other).differences)


def _weight(differences: Iterable[SchemaDifference]) -> int:
    return sum(_MISSING if each.present is None else _OTHERWISE for each in differences)
