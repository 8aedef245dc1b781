# Settings of Alembic for this folder.

[alembic]
# Used by the `alembic` program; `flask db` knows them without.
script_location = %(here)s

# How new revision files are named. Without a setting a name begins with the moment in UTC.
# file_template = %%(rev)s_%%(slug)s
# timezone = UTC

# Set to true to run env.py for `flask db revision` too.
# revision_environment = false


# What a schema command logs. It holds while a command runs on the command line; nothing here
# changes the logging of an application that migrates from its own code.
[loggers]
keys = root,sqlalchemy,alembic,flask_migrate

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = WARN
handlers = console
qualname =

[logger_sqlalchemy]
level = WARN
handlers =
qualname = sqlalchemy.engine

[logger_alembic]
level = INFO
handlers =
qualname = alembic

[logger_flask_migrate]
level = INFO
handlers =
qualname = flask_migrate

[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic

[formatter_generic]
format = %(levelname)-5.5s [%(name)s] %(message)s
datefmt = %H:%M:%S
