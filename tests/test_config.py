from __future__ import annotations

import re
from pathlib import Path

import pytest

from config import ConfigurationError, Development, Production, Testing, database_url, load, mask, server

COMPLETE = {"APP_ENV": "production", "SECRET_KEY": "k" * 32, "DATABASE_URL": "postgres://me:secret@db/app"}


def test_load_is_development_on_sqlite_where_nothing_is_set():
    settings = load(environ={})
    assert settings["SQLALCHEMY_DATABASE_URI"] == "sqlite:///app.db"
    assert settings["SECRET_KEY"]
    assert settings["SCHEMA_PROTECTED"] is False


def test_load_takes_the_environment_that_app_env_names():
    settings = load(environ=COMPLETE)
    assert settings["SCHEMA_PROTECTED"] is True
    assert settings["SESSION_COOKIE_SECURE"] is True
    assert settings["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://me:secret@db/app"


def test_load_reads_and_translates_the_direct_url():
    settings = load(environ={**COMPLETE, "SCHEMA_DIRECT_URL": "postgres://me:secret@server/app"})
    assert settings["SCHEMA_DIRECT_URL"] == "postgresql+psycopg://me:secret@server/app"
    assert load(environ=COMPLETE)["SCHEMA_DIRECT_URL"] is None
    with pytest.raises(ConfigurationError, match=r"SCHEMA_DIRECT_URL is 'nonsense'"):
        load(environ={**COMPLETE, "SCHEMA_DIRECT_URL": "nonsense"})


def test_version_of_the_code_comes_from_what_deploy_tools_set():
    assert load(environ=COMPLETE)["SCHEMA_CODE_VERSION"] is None
    environ = {**COMPLETE, "SOURCE_VERSION": "source"}
    assert load(environ={**environ, "GIT_COMMIT": "commit"})["SCHEMA_CODE_VERSION"] == "source"
    assert load(environ={**environ, "SCHEMA_CODE_VERSION": "own"})["SCHEMA_CODE_VERSION"] == "own"


@pytest.mark.parametrize("missing", ["SECRET_KEY", "DATABASE_URL"])
@pytest.mark.parametrize("empty", [True, False])
def test_load_refuses_production_without_a_key_in_one_line_that_names_it(missing, empty):
    environ = {**COMPLETE, missing: ""} if empty else {k: v for k, v in COMPLETE.items() if k != missing}
    with pytest.raises(ConfigurationError) as refused:
        load(environ=environ)
    assert refused.value.message == f"Production needs {missing}; set it in the environment and start again."
    assert refused.value.exit_code == 2


def test_load_names_everything_that_production_misses_at_once():
    with pytest.raises(ConfigurationError, match="Production needs SECRET_KEY and DATABASE_URL;"):
        load("production", environ={})


def test_load_refuses_an_unknown_environment():
    with pytest.raises(
        ConfigurationError, match="'staging'; expected one of development, testing, production"
    ):
        load(environ={"APP_ENV": "staging"})


def test_load_lays_a_mapping_over_the_environment():
    settings = load({"SIGN_UP_LIMIT_PER_ADDRESS": "1 per day"}, environ=COMPLETE)
    assert settings["SIGN_UP_LIMIT_PER_ADDRESS"] == "1 per day"
    assert settings["SCHEMA_PROTECTED"] is True


def test_load_takes_a_mapping_that_says_testing_as_testing():
    settings = load({"TESTING": True}, environ={"DATABASE_URL": "postgresql://production/app"})
    assert settings["ARGON2_TIME_COST"] == Testing.ARGON2_TIME_COST
    assert settings["SQLALCHEMY_DATABASE_URI"] == "sqlite:///app.db"


@pytest.mark.parametrize("choice", [Testing, "testing"])
def test_load_never_lets_a_test_reach_the_database_of_the_environment(choice):
    settings = load(choice, environ={"DATABASE_URL": "postgresql://production/app"})
    assert settings["SQLALCHEMY_DATABASE_URI"] == Testing.SQLALCHEMY_DATABASE_URI


def test_load_takes_a_class_and_completes_it_from_the_environment():
    assert load(Production, environ=COMPLETE)["SECRET_KEY"] == "k" * 32


def test_load_reads_every_documented_variable():
    environ = {
        "UPLOAD_FOLDER": "/srv/pictures",
        "RATELIMIT_STORAGE_URI": "redis://cache",
        "TRUSTED_PROXIES": "2",
    }
    settings = load(environ=environ)
    assert settings["UPLOAD_FOLDER"] == "/srv/pictures"
    assert settings["RATELIMIT_STORAGE_URI"] == "redis://cache"
    assert settings["TRUSTED_PROXIES"] == 2


@pytest.mark.parametrize("value", ["two", "-1", "1.5"])
def test_load_refuses_a_number_that_is_none(value):
    with pytest.raises(ConfigurationError, match=r"TRUSTED_PROXIES is .* expected a whole number"):
        load(environ={"TRUSTED_PROXIES": value})


def test_load_translates_the_urls_of_binds():
    settings = load(
        {"SQLALCHEMY_BINDS": {"stats": "mysql://me@db/stats", "own": {"url": "sqlite://"}}}, environ={}
    )
    assert settings["SQLALCHEMY_BINDS"] == {
        "stats": "mysql+pymysql://me@db/stats",
        "own": {"url": "sqlite://"},
    }


def test_load_names_the_bind_whose_url_is_wrong():
    with pytest.raises(ConfigurationError, match=r"SQLALCHEMY_BINDS\['stats'\] is 'nonsense'"):
        load({"SQLALCHEMY_BINDS": {"stats": "nonsense"}}, environ={})


def test_load_changes_neither_the_class_nor_the_mapping():
    binds = {"stats": "mysql://me@db/stats"}
    load({"SQLALCHEMY_BINDS": binds}, environ=COMPLETE)
    assert binds == {"stats": "mysql://me@db/stats"}
    assert Development.SQLALCHEMY_DATABASE_URI == "sqlite:///app.db"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgres://u:p@h:5432/d", "postgresql+psycopg://u:p@h:5432/d"),
        ("postgresql://u:p@h/d?sslmode=require", "postgresql+psycopg://u:p@h/d?sslmode=require"),
        ("mysql://u:p@h/d", "mysql+pymysql://u:p@h/d"),
        ("mariadb://u:p@h/d", "mariadb+pymysql://u:p@h/d"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:///app.db", "sqlite:///app.db"),
        ("postgres://u:p%40ss%2Fw@h/d", "postgresql+psycopg://u:p%40ss%2Fw@h/d"),
    ],
)
def test_database_url_names_the_driver_that_is_installed(url, expected):
    assert database_url("DATABASE_URL", url) == expected


def test_database_url_without_its_driver_is_named():
    with pytest.raises(ConfigurationError) as refused:
        database_url("DATABASE_URL", "oracle+oracledb://me:s3cret@h/d")
    assert refused.value.message == (
        "DATABASE_URL asks for the driver of 'oracle+oracledb', which is not installed "
        "(No module named 'oracledb'). Use postgresql://, mysql:// or sqlite:///, or install the driver with pip."
    )


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("oracel://me:s3cret@h/d", "oracel://me:***@h/d"),
        ("postgres:/me:s3cret@h/d", "postgres:/me:***@h/d"),
        ("me:s3cret@h", "me:***@h"),
        ("postgres//me:s3cret@cret@h/d", "postgres//me:***@h/d"),
        ("postgresql://me:s3cret@h:port/d", "postgresql://me:***@h:port/d"),
        ("nonsense?password=s3cret&x=1", "nonsense?password=***&x=1"),
        ("nonsense", "nonsense"),
    ],
)
def test_database_url_that_is_wrong_is_named_with_its_password_masked(url, shown):
    with pytest.raises(ConfigurationError) as refused:
        database_url("DATABASE_URL", url)
    assert "s3cret" not in refused.value.message
    assert refused.value.message == (
        f"DATABASE_URL is '{shown}', which is not the URL of a database; "
        "expected for example postgresql://user:password@host:5432/name."
    )


@pytest.mark.parametrize("url", ["sqlite:///app.db", "postgresql://u@h/d", "user-without-password@host"])
def test_mask_leaves_a_url_without_password_alone(url):
    assert mask(url) == url


@pytest.mark.parametrize("url", ["postgresql://u@h/d", "mysql://u@h/d"])
def test_load_gives_up_on_a_server_that_does_not_answer(url):
    options = load(environ={"DATABASE_URL": url})["SQLALCHEMY_ENGINE_OPTIONS"]
    assert options["connect_args"] == {"connect_timeout": 5}


def test_server_is_production_unless_the_environment_says_otherwise():
    assert server(environ={})["environment"] == "production"
    assert server(environ={"APP_ENV": "development"})["environment"] == "development"


def test_server_starts_as_many_workers_as_the_environment_says():
    assert server(environ={"WEB_CONCURRENCY": "4"})["workers"] == 4
    assert server(environ={})["workers"] >= 3


def test_environment_is_read_in_one_place():
    read = re.compile(r"\bos\.(environ|getenv)\b")
    root = Path(__file__).parent.parent
    sources = [*root.glob("*.py"), *(root / "app").rglob("*.py")]
    assert [path.name for path in sources if read.search(path.read_text())] == ["config.py"]
