"""MariaDB for tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .servers import Engine, Folder, current_user, programs_on_path


def _folders() -> Iterator[tuple[Path, str]]:
    # The folders for daemons are not in the PATH of an ordinary user.
    for program in ("mariadbd", "mysqld"):
        for folder in programs_on_path(program, "/usr/sbin", "/usr/local/sbin", "/usr/libexec"):
            yield folder, f"started from {folder}"


def _program(folder: Path, *names: str) -> Path:
    """Find a program in the folder or in the folders beside it, as packages spread them over bin and sbin."""
    for place in (folder, *(folder.parent / name for name in ("sbin", "bin", "scripts", "libexec"))):
        for name in names:
            if (place / name).is_file():
                return place / name
    raise RuntimeError(f"{folder} has no {' or '.join(names)}")


def _prepare(programs: Path, folder: Folder, port: int) -> list[str]:
    server = _program(programs, "mariadbd", "mysqld")
    data, base = f"--datadir={folder.path / 'data'}", f"--basedir={server.parent.parent}"
    folder.run(
        _program(programs, "mariadb-install-db", "mysql_install_db"),
        "--no-defaults", data, base, "--auth-root-authentication-method=normal", "--skip-test-db",
        "--skip-name-resolve",
    )  # fmt: skip
    place = ["--bind-address=127.0.0.1", f"--port={port}", f"--socket={folder.path / 'socket'}"]
    # Nothing here has to survive a crash of the machine. No log_bin and no performance schema: they cost time.
    speed = ["--innodb-flush-log-at-trx-commit=0", "--innodb-flush-method=nosync", "--performance-schema=0"]
    text = ["--character-set-server=utf8mb4", "--skip-name-resolve"]
    return [
        str(server),
        "--no-defaults",
        data,
        base,
        *place,
        f"--pid-file={folder.path / 'pid'}",
        *speed,
        *text,
    ]


def _drop(name: str) -> list[str]:
    # DROP DATABASE waits for the metadata locks of open transactions, and nobody would ever end those of a test.
    kill = (
        "BEGIN NOT ATOMIC FOR open IN (SELECT id FROM information_schema.processlist "
        f"WHERE db = '{name}') DO EXECUTE IMMEDIATE CONCAT('KILL ', open.id); END FOR; END"
    )
    return [kill, f"DROP DATABASE IF EXISTS `{name}`"]


MARIADB = Engine(
    name="mariadb",
    label="MariaDB",
    driver="mysql+pymysql",
    url_variable="TEST_MARIADB_URL",
    bin_variable="TEST_MARIADB_BIN",
    how_to_get="`apt-get install mariadb-server`, or set TEST_MARIADB_URL",
    standard=(
        "mysql+pymysql://root@127.0.0.1:3306/",
        f"mysql+pymysql://{current_user()}@localhost/?unix_socket=/run/mysqld/mysqld.sock",
    ),
    folders=_folders,
    prepare=_prepare,
    admin_url=lambda port: f"mysql+pymysql://root@127.0.0.1:{port}/",
    create=lambda name: [f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4"],
    drop=_drop,
)
