from __future__ import annotations

import os

import pytest

from app.accounts import pictures, service

from .conftest import PASSWORD


def create_admin(runner, email, *answers):
    return runner.invoke(args=["accounts", "create-admin", email], input="".join(f"{it}\n" for it in answers))


def test_create_admin_asks_twice_without_echo(app, runner):
    result = create_admin(runner, "Root@Example.org", PASSWORD, PASSWORD)
    assert result.exit_code == 0
    assert "root@example.org is an administrator now." in result.output
    assert PASSWORD not in result.output
    with app.app_context():
        assert service.log_in("root@example.org", PASSWORD).is_admin is True


def test_administrator_sees_the_role_on_the_profile(client, runner):
    create_admin(runner, "root@example.org", PASSWORD, PASSWORD)
    client.post("/log-in", data={"email": "root@example.org", "password": PASSWORD})
    assert "Administrator" in client.get("/profile").text


def test_create_admin_asks_again_where_the_two_differ(runner):
    result = create_admin(runner, "root@example.org", PASSWORD, "something else", PASSWORD, PASSWORD)
    assert result.exit_code == 0
    assert "do not match" in result.output


@pytest.mark.parametrize("password", ["short", "x" * 129])
def test_create_admin_refuses_a_password_of_the_wrong_length(runner, password):
    result = runner.invoke(args=["accounts", "create-admin", "root@example.org", "--password", password])
    assert result.exit_code == 2
    assert f"the password has {len(password)} characters; use 10 to 128." in result.output


def test_create_admin_refuses_an_address_that_is_taken(runner, ada):
    result = create_admin(runner, ada, PASSWORD, PASSWORD)
    assert result.exit_code == 1
    assert "Error: There is already an account for ada@example.org." in result.output


def test_create_admin_refuses_what_is_no_address(runner):
    result = create_admin(runner, "root", PASSWORD, PASSWORD)
    assert result.exit_code == 1
    assert "Error: 'root' is not an e-mail address." in result.output


def test_clean_pictures_says_what_it_removed(app, runner):
    with app.app_context():
        name = pictures.save(b"left by a crash")
        os.utime(pictures.folder() / name, (0, 0))
    result = runner.invoke(args=["accounts", "clean-pictures"])
    assert result.exit_code == 0
    assert result.output == f"Removed {name}: it belonged to nobody.\n"
    assert "belongs to somebody" in runner.invoke(args=["accounts", "clean-pictures"]).output


def test_clean_pictures_removes_nothing_where_the_accounts_cannot_be_read(empty_app):
    with empty_app.app_context():
        name = pictures.save(b"somebody's")
        os.utime(pictures.folder() / name, (0, 0))
        result = empty_app.test_cli_runner().invoke(args=["accounts", "clean-pictures"])
        assert (pictures.folder() / name).exists()
    assert result.exit_code == 1
    assert "Nothing was removed:" in result.output


def test_create_admin_says_what_to_do_where_there_is_no_table(empty_app):
    result = create_admin(empty_app.test_cli_runner(), "root@example.org", PASSWORD, PASSWORD)
    assert result.exit_code == 1
    assert "is `flask db upgrade` done?" in result.output
    assert "Traceback" not in result.output
