<%!
def docstring(text):
    """Text that stands between three quotes. A message that is not a plain string knows how to do that itself."""
    if type(text) is not str:
        return text
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "")
%>\
<%
    from flask import current_app
    binds = current_app.config.get("SQLALCHEMY_BINDS")
    if binds is None:
        binds = getattr(current_app.extensions["migrate"].db, "bind_names", list)()
    names = ["", *(name for name in binds if name)]
%>\
"""${docstring(message)}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}

"""
import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

# revision identifiers, used by Alembic.
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


# Called once for each database, with the key of its bind; "" is the default database. A bind that
# is not named below was added later, and this revision has nothing to do there.

def upgrade(engine_name):
    globals().get("upgrade_%s" % engine_name, lambda: None)()


def downgrade(engine_name):
    globals().get("downgrade_%s" % engine_name, lambda: None)()

% for name in names:

def upgrade_${name}():
    ${context.get("%s_upgrades" % name, "pass")}


def downgrade_${name}():
    ${context.get("%s_downgrades" % name, "pass")}

% endfor
