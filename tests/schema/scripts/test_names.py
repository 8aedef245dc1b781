from __future__ import annotations

import pytest

from app.schema.scripts.names import undefined_names


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def upgrade():\n    op.add_column(main.Point())\n", ("main", "op")),
        ("from alembic import op\nimport sqlalchemy as sa\ndef upgrade():\n    op.f(sa.String())\n", ()),
        ("import shop.types\ndef upgrade():\n    shop.types.Point()\n", ()),
        ("def upgrade(engine_name):\n    globals()[f'upgrade_{engine_name}']()\n", ()),
        ("with open(__file__) as file:\n    rows = [row for row in file]\n", ()),
        ("try:\n    pass\nexcept ValueError as error:\n    print(error)\n", ()),
        ("match 1:\n    case [first, *rest]:\n        print(first, rest)\n", ()),
        ("from types_of_shop import *\nPoint()\n", ()),
    ],
)
def test_names_that_nobody_defines_are_found(source: str, expected: tuple[str, ...]) -> None:
    assert undefined_names(source) == expected
