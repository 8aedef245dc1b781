"""What went wrong, in a form that may be kept for years: first lines, without passwords and without anybody's data."""

from __future__ import annotations

import re

from .masking import masked

_LINES = 4
_LENGTH = 300
_SHORTEST_SECRET = 3

# What SQLAlchemy puts behind the driver's words: the statement, its parameters, and where to read more.
_APPENDIX = re.compile(
    r"^(?:\[SQL: .*|\[parameters: .*|\(Background on this error at: .*)", re.DOTALL | re.MULTILINE
)
_URL_PASSWORD = re.compile(r"(\w+://[^:/@\s]*:)[^@\s]+@")
_KEYWORD_PASSWORD = re.compile(r"(?i)\b(pass(?:word|wd)?\s*=\s*)[^\s&;,)]+")
# PostgreSQL's detail: `Key (email)=(x@example.org) already exists.`, `Failing row contains (1, …).`
_TUPLE = re.compile(r"(=|\bcontains )\((?:[^()]|\([^()]*\))*\)")
# What stands in quotes is data, unless a word before it says that it is the name of something.
_QUOTED = re.compile(r"""(?P<before>[\w ]*)(?P<quoted>'(?:[^'\\]|''|\\.)*'|(?<=: )"(?:[^"]|"")*")""")
_NAMING = re.compile(
    r"(?i)\b(?:table|view|column|field|key|index|constraint|database|schema|relation|type|function|trigger|sequence|"
    r"procedure|user|role|revision|module|attribute|named|name|for|object|in) *$"
)


def error_text(error: BaseException, secret: str | None = None, *, mysql: bool = False) -> str:
    """Return the name and the first words of an error, and the statement that it is about.

    :param secret: the password of the connection, which is masked wherever it stands.
    :param mysql: whether the statement is one of MySQL or MariaDB.
    """
    words = _APPENDIX.sub("", str(error))
    lines = [_without_data(line.strip()) for line in words.splitlines() if line.strip()][:_LINES]
    statement = getattr(error, "statement", None)
    if isinstance(statement, str):
        lines.append(f"SQL: {masked(statement, mysql=mysql)}")
    text = "\n".join(line[:_LENGTH] for line in lines)
    if secret and len(secret) > _SHORTEST_SECRET:
        text = text.replace(secret, "***")
    name = type(error).__name__
    return f"{name}: {text}" if text else name


def _without_data(line: str) -> str:
    line = _URL_PASSWORD.sub(r"\1***@", line)
    line = _KEYWORD_PASSWORD.sub(r"\1***", line)
    line = _TUPLE.sub(r"\1(?)", line)
    return _QUOTED.sub(_masked, line)


def _masked(match: re.Match[str]) -> str:
    return match[0] if _NAMING.search(match["before"]) else f"{match['before']}?"
