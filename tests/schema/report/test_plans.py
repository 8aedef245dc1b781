from __future__ import annotations

import io

import pytest

from app.schema.core.plan import Plan, PlannedRevision
from app.schema.report.plans import write

REVISION = PlannedRevision("aaa", "Add a column", "aaa_.py", ())


def text(server: str, lock_timeout: float | None) -> str:
    stream = io.StringIO()
    write(Plan("url", server, (), (REVISION,), lock_timeout=lock_timeout), "text", stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("server", "lock_timeout", "said"),
    [
        ("postgresql:15", None, "waits for ever (lock_timeout)"),
        ("postgresql:15", 2.0, None),
        ("mariadb:10.11", 86400.0, "waits up to 86,400 s (lock_wait_timeout)"),
        ("mariadb:10.11", 5.0, None),
        ("sqlite:3.40", None, None),
    ],
)
def test_wait_for_a_lock_is_named_where_it_can_stall_a_site(
    server: str, lock_timeout: float | None, said: str | None
) -> None:
    shown = text(server, lock_timeout)
    assert ("everybody behind it" in shown) == (said is not None)
    assert said is None or said in shown
