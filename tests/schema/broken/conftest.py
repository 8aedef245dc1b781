"""Projects to break."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app import schema
from app.schema.workflows import explain as explain_package
from app.schema.workflows.explain.trouble import Trouble
from tests.schema.broken.cases import MakeShop
from tests.schema.shop import Shop


@pytest.fixture
def make_shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeShop:
    """Return a function from a database URL to a project that works."""

    def make(url: str | None = None, folder: Path = tmp_path / "shop") -> Shop:
        return Shop(folder, monkeypatch, url)

    return make


@pytest.fixture
def shop(make_shop: MakeShop) -> Shop:
    """A project that works, on SQLite."""
    return make_shop()


@pytest.fixture
def claims(monkeypatch: pytest.MonkeyPatch) -> list[list[schema.SchemaError]]:
    """For each trouble that was explained: what every module that claims it says."""
    seen: list[list[schema.SchemaError]] = []
    ask = explain_package.explanations

    def noted(trouble: Trouble) -> Iterator[schema.SchemaError]:
        seen.append(list(ask(trouble)))
        return iter(seen[-1])

    monkeypatch.setattr(explain_package, "explanations", noted)
    return seen
