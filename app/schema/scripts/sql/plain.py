"""The simplest changes of rows, read without sqlglot, which takes 0.1 s to load: more than the rest of a judgement.

`UPDATE t SET a = 1, b = 'x' WHERE c = 2 AND d IS NULL` and `DELETE FROM t WHERE …`, with plain names, literals and
comparisons joined by AND. Whatever else stands in a statement makes it somebody else's: `change` returns `None`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.ops import DmlOp
from .conditions import KEYS
from .lexer import Kind, tokens

if TYPE_CHECKING:
    from ...core.server import Server
    from .lexer import Token


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LOWER, _UPPER = frozenset({">", ">="}), frozenset({"<", "<="})
_COMPARISONS = frozenset({"=", "<>", "!="}) | _LOWER | _UPPER
# Words that are, or may be on some engine, something else than the name of a column or table.
_NO_NAMES = _words(
    """ALL ALTER ANALYZE AND ANY ARRAY AS ASC BETWEEN BINARY BOTH BY CASE CAST CHECK COLLATE COLUMN CONNECT CONSTRAINT
    CREATE CROSS CURRENT CURRENT_DATE CURRENT_ROLE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DATE DATETIME DEFAULT
    DELETE DESC DESCRIBE DISTINCT DIV DROP ELSE END ESCAPE EXCEPT EXISTS FALSE FETCH FIRST FOR FORCE FOREIGN FROM FULL
    FUNCTION GLOB GRANT GROUP HAVING IF IGNORE ILIKE IN INDEX INNER INSERT INTERSECT INTERVAL INTO IS ISNULL JOIN KEY
    LATERAL LEADING LEFT LIKE LIMIT LOCALTIME LOCALTIMESTAMP LOW_PRIORITY MAP MATCH MERGE MOD NATURAL NEXT NOT NOTNULL
    NULL OFFSET ON ONLY OR ORDER OUTER OVER OVERLAPS PARTITION PRIMARY QUICK RANGE REGEXP REPLACE RETURNING RIGHT RLIKE
    ROW ROWS SELECT SESSION_USER SET SIMILAR SOME STRUCT TABLE THEN TIME TIMESTAMP TO TRAILING TRUE UNION UNIQUE UNNEST
    UPDATE USE USER USING UTC_DATE UTC_TIME UTC_TIMESTAMP VALUES WHEN WHERE WINDOW WITH XOR"""
)
_LITERAL_WORDS = frozenset({"NULL", "TRUE", "FALSE"})


class _OtherwiseError(Exception):
    """There is more to the statement."""


class _Reader:
    """Reads the tokens of one statement from left to right."""

    def __init__(self, sql: str, server: Server) -> None:
        self._sql, self._server = sql, server
        self._tokens = list(tokens(sql, server.dialect_name))
        self._at = 0

    def update(self) -> DmlOp:
        """Read what stands behind UPDATE."""
        table = self._name()
        self._expect("SET")
        columns = [self._assigned()]
        while self._accept(","):
            columns.append(self._assigned())
        return self._made("update", table, tuple(columns))

    def delete(self) -> DmlOp:
        """Read what stands behind DELETE."""
        self._expect("FROM")
        return self._made("delete", self._name(), ())

    def read(self) -> DmlOp:
        """Read the statement."""
        if self._accept("UPDATE"):
            return self.update()
        self._expect("DELETE")
        return self.delete()

    def _made(self, kind: str, table: str, columns: tuple[str, ...]) -> DmlOp:
        where, limited = False, False
        if self._accept("WHERE"):
            where, limited = True, self._condition()
        if self._at < len(self._tokens):
            raise _OtherwiseError
        return DmlOp(table, None, kind, sql=self._sql, where=where, limited=limited, columns=columns)

    def _assigned(self) -> str:
        column = self._name()
        self._expect("=")
        self._literal()
        return column

    def _condition(self) -> bool:
        """Read comparisons joined by AND; whether they bound a batch."""
        bounds: set[tuple[str, bool]] = set()
        picks = self._comparison(bounds)
        while self._accept("AND"):
            picks = self._comparison(bounds) or picks
        return picks or any((name, True) in bounds for name, lower in bounds if not lower)

    def _comparison(self, bounds: set[tuple[str, bool]]) -> bool:
        """Read one; whether it picks rows by their key. A limit of a range of keys is added to `bounds`."""
        name = self._name().lower()
        if self._accept("IS"):
            self._accept("NOT")
            self._expect("NULL")
            return False
        if self._accept("BETWEEN"):
            self._literal()
            self._expect("AND")
            self._literal()
            return name in KEYS
        sign = self._next().key
        if sign not in _COMPARISONS:
            raise _OtherwiseError
        self._literal()
        if name in KEYS and sign in _LOWER | _UPPER:
            bounds.add((name, sign in _LOWER))
        return name in KEYS and sign == "="

    def _name(self) -> str:
        token = self._next()
        if token.kind is not Kind.WORD or token.key in _NO_NAMES:
            raise _OtherwiseError
        name = self._sql[token.start : token.end]
        return name.lower() if self._server.engine == "postgresql" else name

    def _literal(self) -> None:
        token = self._next()
        plain = token.kind is Kind.NUMBER or token.key in _LITERAL_WORDS
        # What a quote may hold, and what may stand before one, is not as simple on every engine.
        if not plain and not (token.kind is Kind.STRING and _is_plain(self._sql[token.start : token.end])):
            raise _OtherwiseError

    def _next(self) -> Token:
        if self._at >= len(self._tokens):
            raise _OtherwiseError
        self._at += 1
        return self._tokens[self._at - 1]

    def _accept(self, key: str) -> bool:
        found = self._at < len(self._tokens) and self._tokens[self._at].key == key
        self._at += found
        return found

    def _expect(self, key: str) -> None:
        if not self._accept(key):
            raise _OtherwiseError


def _is_plain(text: str) -> bool:
    return text[0] == text[-1] == "'" and "'" not in text[1:-1] and "\\" not in text


def change(sql: str, server: Server) -> DmlOp | None:
    """Return what a simple UPDATE or DELETE does, as `queries.operations` would; `None` where it is not simple.

    :param sql: one statement.
    """
    try:
        return _Reader(sql, server).read()
    except _OtherwiseError:
        return None
