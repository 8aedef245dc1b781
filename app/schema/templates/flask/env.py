"""Alembic starts here, and `Migrate` does the work.

It is reached through the running application, so that this file names no package and never has to be written anew:
how a connection is opened, which arguments Alembic gets, and what is checked afterwards all come from the release of
the schema engine that is installed. What this project needs beyond that goes into `Migrate(app, db, ...)`, which
hands its keyword arguments on to Alembic, or into functions registered with `Migrate.configure`.
"""

from alembic import context
from flask import current_app, has_app_context
from flask.cli import ScriptInfo, load_dotenv


def run() -> None:
    """Run the command that Alembic was started with, in the current application."""
    current_app.extensions["migrate"].migrate.run_environment(context)


if has_app_context():
    run()
else:  # started by `alembic` itself: find the application as `flask` does
    load_dotenv()
    with ScriptInfo().load_app().app_context():
        run()
