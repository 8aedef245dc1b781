from __future__ import annotations

from typing import Any

import pytest

from app.schema.core.errors import UsageProblem
from app.schema.core.settings import Settings


def test_defaults_hold_where_nothing_is_set() -> None:
    settings = Settings.from_config({})
    assert (settings.protected, settings.runner_wait, settings.direct_url) == (False, 300, {})


@pytest.mark.parametrize(
    ("value", "urls"),
    [
        (None, {}),
        ("", {}),
        ("sqlite://", {"": "sqlite://"}),
        ({None: "sqlite://", "reports": "sqlite:///r"}, {"": "sqlite://", "reports": "sqlite:///r"}),
    ],
)
def test_direct_url_is_one_or_one_for_each_bind(value: Any, urls: dict[str, str]) -> None:
    assert Settings.from_config({"SCHEMA_DIRECT_URL": value}).direct_url == urls


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SCHEMA_RUNNER_WAIT", 5),
        ("SCHEMA_RUNNER_WAIT", "soon"),
        ("SCHEMA_DIRECT_URL", 5),
        ("SCHEMA_PROTECTED", "yes"),
        ("SCHEMA_BASELINE", 5),
        ("SCHEMA_TARGETS", ["oracle"]),
    ],
)
def test_wrong_value_is_refused_by_the_name_of_its_setting(name: str, value: Any) -> None:
    with pytest.raises(UsageProblem, match=name):
        Settings.from_config({name: value})
