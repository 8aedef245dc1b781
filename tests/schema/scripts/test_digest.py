"""What changes a digest, and what does not."""

from __future__ import annotations

from app.schema.scripts.digest import source_digest

SOURCE = b'revision = "a"\n\n\ndef upgrade():\n    op.drop_table("t")\n'


def test_what_git_and_editors_change_does_not_show() -> None:
    for same in (
        SOURCE.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + SOURCE,
        SOURCE.replace(b")\n", b")  \n"),
        SOURCE + b"\n\n",
        SOURCE.rstrip(),
    ):
        assert source_digest(same) == source_digest(SOURCE)


def test_everything_else_shows() -> None:
    for other in (SOURCE.replace(b'"t"', b'"u"'), SOURCE.replace(b"    op", b"  op"), b"# x\n" + SOURCE):
        assert source_digest(other) != source_digest(SOURCE)
