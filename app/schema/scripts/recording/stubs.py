"""Stand-ins for modules that a revision imports and that are not there.

A foreign history must be readable without its application. A stub accepts any use: as a module, a function, a base
class, a column type. Whoever used one is known afterwards, so that the outcome is never taken for certain.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from sqlalchemy.types import UserDefinedType

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class _StubMeta(type):
    """Gives the class any attribute, so that `module.Thing.part` works."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return make_stub(f"{cls.__name__}.{name}")


class Stub(UserDefinedType[Any], metaclass=_StubMeta):
    """A value of a module that is not there. It is a column type as well, because that is its commonest use."""

    cache_ok = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take whatever it is called with, and keep it."""
        self.arguments = args
        self.keywords = kwargs

    def get_col_spec(self, **_kw: Any) -> str:
        """Render as its own name."""
        return type(self).__name__.rpartition(".")[2].upper()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return make_stub(f"{type(self).__name__}.{name}")

    def __call__(self, *_args: Any, **_kwargs: Any) -> Stub:
        """Be called with anything, and return another stub."""
        return type(self)()

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __enter__(self) -> Stub:
        return self

    def __exit__(self, *_exc: object) -> None:
        return None


def make_stub(name: str) -> type[Stub]:
    """Return a new stub class of this name."""
    made: type[Stub] = _StubMeta(name, (Stub,), {})  # type: ignore[assignment]  # its instances are stubs
    return made


class _StubModule(ModuleType):
    """A package of anything."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__ = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return make_stub(name)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Asked last, after everything that is really there: finds every module, and remembers which."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def find_spec(
        self, fullname: str, _path: object, _target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Find any module, unless an installed library asks: it has a way without what is optional."""
        if _asked_by_library():
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """Make the stand-in."""
        self.found.append(spec.name)
        return _StubModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: a stub has no code."""


def _asked_by_library() -> bool:
    """True if the import statement that runs now stands in an installed library."""
    frame = sys._getframe(2)
    while frame.f_back is not None and "importlib" in frame.f_code.co_filename:
        frame = frame.f_back
    return "site-packages" in Path(frame.f_code.co_filename).parts


@contextmanager
def missing_modules_stubbed() -> Iterator[Sequence[str]]:
    """Let imports of missing modules succeed; yields the names of those that were missing.

    The stand-ins are gone from `sys.modules` afterwards. Process-wide: only under the recorder's lock.
    """
    finder = _Finder()
    sys.meta_path.append(finder)
    try:
        yield finder.found
    finally:
        sys.meta_path.remove(finder)
        for name in finder.found:
            sys.modules.pop(name, None)
