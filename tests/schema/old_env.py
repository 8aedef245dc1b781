"""The shapes that the env.py of Flask-Migrate had, in our own words.

`DATABASE_URI`: an engine of its own, made from the URL in the configuration, as up to Flask-Migrate 2.5.
`GET_ENGINE`: the engine of the extension through `get_engine()`, the directives hook passed by name, as in 3.
`WRITES_BACK`: both ways to the engine, and the hook written into the extension's arguments, as in 4.
`MULTIDB`: one transaction for each bind, all opened first, as in 4.

A test may put a statement in the place of the comment `# connected`.
"""

from __future__ import annotations

_LOGGING = """
import logging
from logging.config import fileConfig
from alembic import context
from flask import current_app

config = context.config
fileConfig(config.config_file_name)
log = logging.getLogger("alembic.env")


def keep_empty_out(context, revision, directives):
    if getattr(config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []
        log.info("No changes in schema detected.")
"""

DATABASE_URI = (
    _LOGGING
    + """
from sqlalchemy import engine_from_config, pool

config.set_main_option("sqlalchemy.url", current_app.config["SQLALCHEMY_DATABASE_URI"].replace("%", "%%"))
target_metadata = current_app.extensions["migrate"].db.metadata


def offline():
    context.configure(url=config.get_main_option("sqlalchemy.url"))
    with context.begin_transaction():
        context.run_migrations()


def online():
    engine = engine_from_config(
        config.get_section(config.config_ini_section), prefix="sqlalchemy.", poolclass=pool.NullPool
    )
    connection = engine.connect()
    # connected
    context.configure(
        connection=connection,
        target_metadata=target_metadata,
        process_revision_directives=keep_empty_out,
        **current_app.extensions["migrate"].configure_args,
    )
    try:
        with context.begin_transaction():
            context.run_migrations()
    finally:
        connection.close()


offline() if context.is_offline_mode() else online()
"""
)

GET_ENGINE = (
    _LOGGING
    + """
url = str(current_app.extensions["migrate"].db.get_engine().url).replace("%", "%%")
config.set_main_option("sqlalchemy.url", url)
target_metadata = current_app.extensions["migrate"].db.metadata


def offline():
    url = config.get_main_option("sqlalchemy.url")
    context.configure(url=url, target_metadata=target_metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def online():
    with current_app.extensions["migrate"].db.get_engine().connect() as connection:
        # connected
        context.configure(
            connection=connection,
            target_metadata=target_metadata,
            process_revision_directives=keep_empty_out,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()


offline() if context.is_offline_mode() else online()
"""
)

WRITES_BACK = (
    _LOGGING
    + """
def engine():
    try:
        return current_app.extensions["migrate"].db.get_engine()
    except (TypeError, AttributeError):
        return current_app.extensions["migrate"].db.engine


config.set_main_option("sqlalchemy.url", engine().url.render_as_string(hide_password=False).replace("%", "%%"))
db = current_app.extensions["migrate"].db
metadata = db.metadatas[None] if hasattr(db, "metadatas") else db.metadata


def offline():
    url = config.get_main_option("sqlalchemy.url")
    context.configure(url=url, target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def online():
    arguments = current_app.extensions["migrate"].configure_args
    if arguments.get("process_revision_directives") is None:
        arguments["process_revision_directives"] = keep_empty_out
    with engine().connect() as connection:
        # connected
        context.configure(connection=connection, target_metadata=metadata, **arguments)
        with context.begin_transaction():
            context.run_migrations()


offline() if context.is_offline_mode() else online()
"""
)

MULTIDB = (
    _LOGGING
    + """
db = current_app.extensions["migrate"].db
names = ["", *current_app.config["SQLALCHEMY_BINDS"]]
arguments = current_app.extensions["migrate"].configure_args
opened = {}
for name in names:
    connection = db.engines[name or None].connect()
    opened[name] = (connection, connection.begin())
try:
    for name, (connection, _) in opened.items():
        log.info("Migrating database %s", name or "<default>")
        context.configure(
            connection=connection,
            upgrade_token=f"{name}_upgrades",
            downgrade_token=f"{name}_downgrades",
            target_metadata=db.metadatas[name or None],
            **arguments,
        )
        context.run_migrations(engine_name=name)
    for _, transaction in opened.values():
        transaction.commit()
except BaseException:
    for _, transaction in opened.values():
        transaction.rollback()
    raise
finally:
    for connection, _ in opened.values():
        connection.close()
"""
)

SINGLE = {"DATABASE_URI": DATABASE_URI, "GET_ENGINE": GET_ENGINE, "WRITES_BACK": WRITES_BACK}
