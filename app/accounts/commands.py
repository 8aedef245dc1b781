"""`flask accounts …`"""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from app.accounts import passwords, service

group = AppGroup("accounts", help="Manage accounts.")


def _check_length(_context: click.Context, _parameter: click.Parameter, password: str) -> str:
    if not passwords.MIN_LENGTH <= len(password) <= passwords.MAX_LENGTH:
        bounds = f"{passwords.MIN_LENGTH} to {passwords.MAX_LENGTH}"
        raise click.BadParameter(f"the password has {len(password)} characters; use {bounds}.")
    return password


@group.command("create-admin")
@click.argument("email")
@click.password_option(callback=_check_length, help="Asked for without echo if it is not given.")
def create_admin(email: str, password: str) -> None:
    """Create an administrator with the address EMAIL. Asks for the password, twice.

    Example: flask accounts create-admin ada@example.org
    """
    try:
        user = service.sign_up(email, password, email.partition("@")[0][:100], is_admin=True)
    except service.AccountError as error:
        raise click.ClickException(str(error)) from error
    except SQLAlchemyError as error:
        raise _no_answer("The account could not be stored", error) from error
    click.echo(f"{user.email} is an administrator now.")


@group.command("clean-pictures")
def clean_pictures() -> None:
    """Remove picture files that belong to nobody, such as a crash leaves them.

    Example: flask accounts clean-pictures
    """
    try:
        removed = service.remove_stray_pictures()
    except SQLAlchemyError as error:
        raise _no_answer("Nothing was removed", error) from error
    for name in removed:
        click.echo(f"Removed {name}: it belonged to nobody.")
    if not removed:
        click.echo("Every picture belongs to somebody.")


def _no_answer(what: str, error: SQLAlchemyError) -> click.ClickException:
    cause = str(getattr(error, "orig", None) or error).splitlines()[0]
    return click.ClickException(f"{what}: {cause}. Is the database there, and is `flask db upgrade` done?")
