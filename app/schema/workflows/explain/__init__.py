"""Any exception of a command → one `SchemaError`: what is, what was expected, what to type next.

Each module here but `trouble`, `situation`, `signs` and `place` explains one kind of trouble: it has a
function `explain(trouble)` that returns the error, or `None` where the trouble is not of its kind. A module
is found by existing. No two modules claim the same trouble, so that their order does not matter.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

from ...core.errors import SchemaError
from ...core.wording import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..target import Target
    from .trouble import Trouble

_KNOWN_WORDS = 500


def explain(error: BaseException, target: Target | None = None) -> SchemaError:
    """Say in one paragraph what went wrong.

    :param error: what came out of the command. An error that already explains itself is returned as it is.
    :param target: what the command worked on; without one, less can be said.
    :return: the explanation, with `error` as its cause (`__cause__`), for `--traceback`. It never holds the
        password of the database URL.
    """
    if isinstance(error, SchemaError):
        return error
    # A command that ends well does not wait for what explains failures.
    from .situation import Situation
    from .trouble import Trouble

    trouble = Trouble(error, Situation.of(target) if target is not None else Situation())
    explanation = next(explanations(trouble), None) or _unknown(trouble)
    return _safe(explanation, trouble)


def explanations(trouble: Trouble) -> Iterator[SchemaError]:
    """What every module that claims the trouble says of it."""
    for module in pkgutil.iter_modules(__path__):
        found = getattr(importlib.import_module(f".{module.name}", __name__), "explain", None)
        explanation = found(trouble) if found else None
        if explanation is not None:
            yield explanation


def _unknown(trouble: Trouble) -> SchemaError:
    error = trouble.error
    words = shortened(str(error), _KNOWN_WORDS)
    return SchemaError(
        f"{type(error).__name__}: {words}" if words else f"{type(error).__name__} was raised.",
        hint="Type the command again with `--traceback` to see where it was raised.",
    )


def _safe(explanation: SchemaError, trouble: Trouble) -> SchemaError:
    """The same explanation without passwords, and with its cause."""
    from .place import without_secrets  # likewise

    url = trouble.situation.url
    safe = type(explanation)(
        without_secrets(explanation.found, url),
        expected=explanation.expected and without_secrets(explanation.expected, url),
        hint=explanation.hint and without_secrets(explanation.hint, url),
    )
    safe.__cause__ = trouble.error
    return safe
