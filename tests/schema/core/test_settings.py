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


@pytest.mark.parametrize(
    "name", ["SCHEMA_LOCK_TIMOUT", "SCHEMA_PROTECED", "SCHEMA_TARGET", "SCHEMA_RUNER_WAIT"]
)
def test_name_that_is_nearly_right_is_refused(name: str) -> None:
    with pytest.raises(UsageProblem, match=f"There is no setting {name}. Did you mean SCHEMA_"):
        Settings.from_config({name: True})


@pytest.mark.parametrize(
    "name", ["SCHEMA_VERSION", "SCHEMA_NAME", "SCHEMA_PATH", "SCHEMA_URL", "SCHEMA", "TESTING"]
)
def test_settings_of_the_application_itself_are_left_alone(name: str) -> None:
    assert Settings.from_config({name: "public"}) == Settings()


def test_number_without_a_unit_is_refused_with_examples() -> None:
    with pytest.raises(UsageProblem, match="with its unit, such as"):
        Settings.from_config({"SCHEMA_LOCK_TIMEOUT": "100"})
