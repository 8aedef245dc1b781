"""The changes that the PostgreSQL catalogue is compared with a server for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.operations.ops import (
    AddColumnOp,
    AlterColumnOp,
    CreateCheckConstraintOp,
    CreateIndexOp,
    CreatePrimaryKeyOp,
    CreateUniqueConstraintOp,
    DropColumnOp,
    DropConstraintOp,
    DropTableOp,
)
from sqlalchemy.dialects import postgresql as pg

from app.schema.core import ops
from tests.schema.dialects.effects.cases import op, sql

SCHEMA = """
CREATE TYPE mood AS ENUM ('calm', 'merry');
CREATE DOMAIN free AS text;
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE DOMAIN label AS text CHECK (VALUE <> '');
CREATE TABLE parent (id bigint PRIMARY KEY, code text NOT NULL, name varchar(20), CONSTRAINT parent_code UNIQUE (code));
CREATE TABLE other (id bigint PRIMARY KEY);
CREATE TABLE child (
    id bigint PRIMARY KEY, parent_id bigint, other_id bigint, parent_code text, note varchar(20), indexed varchar(20),
    body text, amount numeric(10, 2), small integer, created timestamp, stamp timestamptz, feeling mood, data json,
    proven text, doubtful text, compound text, filled text NOT NULL, tag free, name label, span int4range, ip cidr,
    CONSTRAINT child_other FOREIGN KEY (other_id) REFERENCES other,
    CONSTRAINT child_code FOREIGN KEY (parent_code) REFERENCES parent (code),
    CONSTRAINT child_small CHECK (small > 0),
    CONSTRAINT child_proven CHECK (proven IS NOT NULL),
    CONSTRAINT child_compound CHECK (compound IS NOT NULL AND compound <> 'x')
);
CREATE INDEX child_indexed ON child (indexed);
CREATE INDEX child_partial ON child (body) WHERE body IS NOT NULL;
CREATE UNIQUE INDEX child_ready ON child (filled);
CREATE UNIQUE INDEX child_nullable ON child (proven);
CREATE TABLE loose (id bigint NOT NULL, parent_id bigint, other_id bigint);
CREATE UNIQUE INDEX loose_ready ON loose (id);
CREATE UNIQUE INDEX loose_nullable ON loose (parent_id);
CREATE TABLE heir (id bigint, parent_id bigint, other_id bigint);
CREATE TABLE self (id bigint PRIMARY KEY, up bigint REFERENCES self);
CREATE TABLE event (id bigint NOT NULL, day integer NOT NULL, note text) PARTITION BY RANGE (day);
CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM (0) TO (100);
CREATE TABLE event_rest PARTITION OF event DEFAULT;
CREATE TABLE event_2 (id bigint NOT NULL, day integer NOT NULL, note text);
CREATE TABLE metric (id bigint NOT NULL, day integer NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE metric_1 PARTITION OF metric FOR VALUES FROM (0) TO (100);
CREATE INDEX event_note ON event (note);
CREATE SEQUENCE counter AS integer;
CREATE TABLE numbered (id integer DEFAULT nextval('counter') PRIMARY KEY);
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER watch AFTER INSERT ON parent FOR EACH ROW EXECUTE FUNCTION nothing();
CREATE POLICY look ON parent USING (true);
CREATE RULE quiet AS ON DELETE TO other DO ALSO NOTHING;
CREATE VIEW names AS SELECT id, name FROM parent;
CREATE MATERIALIZED VIEW counted AS SELECT id, name FROM parent;
CREATE UNIQUE INDEX counted_id ON counted (id);
CREATE TABLE kin (id bigint, parent_id bigint, other_id bigint) ;
CREATE TABLE kid () INHERITS (kin);
INSERT INTO parent SELECT g, 'p' || g, 'n' FROM generate_series(1, 300) g;
INSERT INTO other SELECT generate_series(1, 300);
INSERT INTO child SELECT g, g, g, 'p' || g, 'n', 'i', 'b', 1, 1, now(), now(), 'calm', '{}', 'p' || g, 'd', 'c',
    'f' || g, 't', 'n', int4range(g, g + 1), '10.0.0.0/8' FROM generate_series(1, 300) g;
ALTER TABLE child ADD CONSTRAINT child_parent FOREIGN KEY (parent_id) REFERENCES parent NOT VALID;
ALTER TABLE child ADD CONSTRAINT child_doubtful CHECK (doubtful IS NOT NULL) NOT VALID;
INSERT INTO loose SELECT g, g, g FROM generate_series(1, 300) g;
INSERT INTO heir SELECT g, g, g FROM generate_series(1, 300) g;
INSERT INTO self SELECT g, g FROM generate_series(1, 300) g;
INSERT INTO event SELECT g, g, 'e' FROM generate_series(1, 199) g;
INSERT INTO metric SELECT g, g FROM generate_series(1, 99) g;
INSERT INTO event_2 SELECT g, g, 'e' FROM generate_series(300, 399) g;
INSERT INTO numbered SELECT FROM generate_series(1, 300);
REFRESH MATERIALIZED VIEW counted;
"""


def add(id_: str, *column: object, **more: object):
    return op(f"add column {id_}", lambda o: o.add_column("child", sa.Column("extra", *column, **more)))


def drop_constraint(name: str, table: str = "child", kind: str | None = None):
    return op(f"drop constraint {name}", lambda o: o.drop_constraint(name, table, type_=kind))


def retype(column: str, type_: object, **more: object):
    return op(
        f"change type of {column} to {type_!r} {more or ''}".strip(),
        lambda o: o.alter_column("child", column, type_=type_, **more),
    )


ADDED = [
    add("nullable", sa.Text),
    add("constant default", sa.Integer, server_default="1"),
    add("constant default, not null", sa.Integer, server_default="1", nullable=False),
    add("now()", sa.DateTime, server_default=sa.func.now()),
    add("current_timestamp", sa.DateTime(timezone=True), server_default=sa.text("CURRENT_TIMESTAMP")),
    add("stable expression", sa.DateTime, server_default=sa.text("now() + interval '1 day'")),
    add("immutable function", sa.Text, server_default=sa.text("upper('a')")),
    add("jsonb constant", pg.JSONB, server_default=sa.text("'{}'::jsonb")),
    add("array constant", pg.ARRAY(sa.Integer), server_default=sa.text("'{}'")),
    add("enum constant", pg.ENUM("calm", "merry", name="mood", create_type=False), server_default="calm"),
    add("gen_random_uuid()", sa.Uuid, server_default=sa.text("gen_random_uuid()")),
    add("clock_timestamp()", sa.DateTime, server_default=sa.text("clock_timestamp()")),
    add("random()", sa.Float, server_default=sa.text("random()")),
    add("nextval()", sa.Integer, server_default=sa.text("nextval('counter')")),
    add("serial", sa.Integer, info={"serial": True}, server_default=sa.text("nextval('counter')"), nullable=False),
    add("identity", sa.BigInteger, sa.Identity()),
    add("stored generated", sa.Integer, sa.Computed("small + 1", persisted=True)),
    add("inline check", sa.Integer, sa.CheckConstraint("extra > 0")),
    add("inline check with default", sa.Integer, sa.CheckConstraint("extra > 0"), server_default="1"),
    add("unique", sa.Text, unique=True),
    add("index", sa.Text, index=True),
    add("foreign key", sa.BigInteger, sa.ForeignKey("parent.id")),
    add("foreign key with default", sa.BigInteger, sa.ForeignKey("parent.id"), server_default="1"),
    add("foreign key to itself", sa.BigInteger, sa.ForeignKey("child.id")),
    add("checked enum", sa.Enum("a", "b", native_enum=False, create_constraint=True, name="extra_enum")),
    op("add column inline reference", lambda o: o.add_column(
        "child", sa.Column("extra", sa.BigInteger, sa.ForeignKey("parent.id")), inline_references=True)),
    op("add column inline reference with default", lambda o: o.add_column(
        "child", sa.Column("extra", sa.BigInteger, sa.ForeignKey("parent.id"), server_default="1"),
        inline_references=True)),
    op("add column to a partitioned table", lambda o: o.add_column("event", sa.Column("extra", sa.Text))),
    op("add volatile column to a partitioned table", lambda o: o.add_column(
        "event", sa.Column("extra", sa.Uuid, server_default=sa.text("gen_random_uuid()")))),
    sql("ALTER TABLE child ADD COLUMN extra positive",
        AddColumnOp("child", sa.Column("extra", pg.DOMAIN("positive", sa.Integer, check="VALUE > 0")))),
    sql("ALTER TABLE child ADD COLUMN extra free",
        AddColumnOp("child", sa.Column("extra", pg.DOMAIN("free", sa.Text)))),
    sql("ALTER TABLE child ADD COLUMN extra serial",
        AddColumnOp("child", sa.Column("extra", sa.Integer, info={"serial": True}, nullable=False))),
    sql("ALTER TABLE child ADD COLUMN extra int GENERATED ALWAYS AS (small + 1) VIRTUAL",
        AddColumnOp("child", sa.Column("extra", sa.Integer, sa.Computed("small + 1", persisted=False))), since=(18,)),
    sql("ALTER TABLE loose ADD COLUMN extra int PRIMARY KEY GENERATED ALWAYS AS IDENTITY",
        AddColumnOp("loose", sa.Column("extra", sa.Integer, sa.Identity(), primary_key=True))),
]  # fmt: skip
DROPPED = [
    op("drop column", lambda o: o.drop_column("child", "note")),
    op("drop indexed column", lambda o: o.drop_column("child", "indexed")),
    op("drop column with foreign key", lambda o: o.drop_column("child", "other_id")),
    op("drop column of a partitioned table", lambda o: o.drop_column("event", "note")),
    sql("ALTER TABLE other DROP COLUMN id CASCADE", DropColumnOp("other", "id"), clauses={"cascade": ""}),
    op("drop table", lambda o: o.drop_table("loose")),
    op("drop table with foreign keys", lambda o: o.drop_table("child")),
    op("drop table that refers to itself", lambda o: o.drop_table("self")),
    op("drop partitioned table", lambda o: o.drop_table("event")),
    op("drop partition", lambda o: o.drop_table("event_1")),
    sql("DROP TABLE other CASCADE", DropTableOp("other"), clauses={"cascade": ""}),
    op("rename table", lambda o: o.rename_table("child", "kiddo")),
    op("rename referenced table", lambda o: o.rename_table("parent", "elder")),
    op("rename partitioned table", lambda o: o.rename_table("event", "happening")),
]
ALTERED = [
    op("rename column", lambda o: o.alter_column("child", "note", new_column_name="remark")),
    op("rename referenced column", lambda o: o.alter_column("parent", "code", new_column_name="kind")),
    op("rename column of a partitioned table", lambda o: o.alter_column("event", "note", new_column_name="text")),
    op("set not null", lambda o: o.alter_column("child", "note", nullable=False)),
    op("set not null where it is", lambda o: o.alter_column("child", "filled", nullable=False)),
    op("set not null proven by a check", lambda o: o.alter_column("child", "proven", nullable=False)),
    op("set not null with a check not valid", lambda o: o.alter_column("child", "doubtful", nullable=False)),
    op("set not null proven by a compound check", lambda o: o.alter_column("child", "compound", nullable=False)),
    op("set not null on a partitioned table", lambda o: o.alter_column("event", "note", nullable=False)),
    op("drop not null", lambda o: o.alter_column("child", "filled", nullable=True)),
    op("set default", lambda o: o.alter_column("child", "note", server_default="x")),
    op("set volatile default", lambda o: o.alter_column("child", "body", server_default=sa.text("gen_random_uuid()"))),
    op("set default on a partitioned table", lambda o: o.alter_column("event", "note", server_default="x")),
    op("drop default", lambda o: o.alter_column("numbered", "id", server_default=None)),
    op("add identity", lambda o: o.alter_column("child", "id", server_default=sa.Identity(), existing_nullable=False)),
    op("comment on column", lambda o: o.alter_column("child", "note", comment="x")),
    op("comment on table", lambda o: o.create_table_comment("child", "x")),
    op("drop comment on table", lambda o: o.drop_table_comment("child")),
    retype("note", sa.String(40)), retype("note", sa.String), retype("note", sa.Text), retype("note", sa.String(10)),
    retype("note", sa.CHAR(20)), retype("indexed", sa.Text), retype("indexed", sa.String(10)),
    retype("indexed", sa.String(40)), retype("indexed", sa.String(20, collation="C")),
    retype("note", sa.String(20, collation="C")), retype("body", sa.String), retype("body", sa.String(50)),
    retype("amount", sa.Numeric(12, 2)), retype("amount", sa.Numeric(12, 4)), retype("amount", sa.Numeric()),
    retype("amount", sa.Integer), retype("small", sa.BigInteger), retype("small", sa.Numeric),
    retype("created", sa.DateTime(timezone=True)), retype("created", pg.TIMESTAMP(precision=3)),
    retype("stamp", sa.DateTime), retype("feeling", sa.Text), retype("data", pg.JSONB), retype("ip", pg.INET),
    retype("compound", sa.String), retype("filled", sa.String), retype("proven", sa.String(200)),
    retype("note", sa.Integer, postgresql_using="length(note)"), retype("note", sa.Text, postgresql_using="note::text"),
    retype("note", sa.Text, postgresql_using="note"), retype("note", sa.Text, postgresql_using="note || ''"),
    retype("note", sa.Text, postgresql_using="note::varchar(90)"), retype("parent_code", sa.String),
    retype("parent_code", sa.String(99)), retype("parent_id", sa.Integer), retype("other_id", sa.Integer),
    op("change type of a referenced column", lambda o: o.alter_column("parent", "code", type_=sa.String)),
    op("change type in a partitioned table", lambda o: o.alter_column("event", "note", type_=sa.String(9))),
    op("widen type in a partitioned table", lambda o: o.alter_column("event", "note", type_=sa.String)),
    sql("ALTER TABLE child ALTER small TYPE positive",
        AlterColumnOp("child", "small", modify_type=pg.DOMAIN("positive", sa.Integer, check="VALUE > 0"))),
    sql("ALTER TABLE child ALTER body TYPE free",
        AlterColumnOp("child", "body", modify_type=pg.DOMAIN("free", sa.Text))),
    op("change type and nullability", lambda o: o.alter_column(
        "child", "note", type_=sa.Text, nullable=False, new_column_name="remark", server_default="x")),
]  # fmt: skip
CONSTRAINED = [
    op("foreign key", lambda o: o.create_foreign_key("f", "heir", "parent", ["parent_id"], ["id"])),
    op("foreign key not valid", lambda o: o.create_foreign_key(
        "f", "heir", "parent", ["parent_id"], ["id"], postgresql_not_valid=True)),
    op("foreign key to itself", lambda o: o.create_foreign_key("f", "self", "self", ["up"], ["id"])),
    op("foreign key of a partitioned table", lambda o: o.create_foreign_key("f", "event", "parent", ["id"], ["id"])),
    op("foreign key to a partitioned table", lambda o: o.create_foreign_key("f", "heir", "event", ["id"], ["id"]),
       before=["DROP TABLE event CASCADE", "CREATE TABLE event (id bigint PRIMARY KEY) PARTITION BY RANGE (id)",
               "CREATE TABLE event_1 PARTITION OF event DEFAULT", "INSERT INTO event SELECT generate_series(1, 300)"]),
    sql("ALTER TABLE child VALIDATE CONSTRAINT child_parent", ops.ValidateConstraintOp("child", None, "child_parent")),
    sql("ALTER TABLE child VALIDATE CONSTRAINT child_doubtful",
        ops.ValidateConstraintOp("child", None, "child_doubtful")),
    sql("ALTER TABLE child VALIDATE CONSTRAINT child_proven", ops.ValidateConstraintOp("child", None, "child_proven")),
    op("check", lambda o: o.create_check_constraint("c", "child", "small > 0")),
    op("check not valid", lambda o: o.create_check_constraint("c", "child", "small > 0", postgresql_not_valid=True)),
    op("check on a partitioned table", lambda o: o.create_check_constraint("c", "event", "day >= 0")),
    op("unique", lambda o: o.create_unique_constraint("u", "heir", ["id"])),
    op("primary key on a partitioned table", lambda o: o.create_primary_key("k", "event", ["id", "day"])),
    op("unique on a partitioned table", lambda o: o.create_unique_constraint("u", "event", ["id", "day"])),
    sql("ALTER TABLE child ADD CONSTRAINT child_ready UNIQUE USING INDEX child_ready",
        CreateUniqueConstraintOp("child_ready", "child", [], postgresql_using_index="child_ready")),
    op("primary key", lambda o: o.create_primary_key("k", "loose", ["id"])),
    op("primary key on nullable column", lambda o: o.create_primary_key("k", "heir", ["id"])),
    sql("ALTER TABLE loose ADD CONSTRAINT loose_ready PRIMARY KEY USING INDEX loose_ready",
        CreatePrimaryKeyOp("loose_ready", "loose", [], postgresql_using_index="loose_ready")),
    sql("ALTER TABLE loose ADD CONSTRAINT k PRIMARY KEY USING INDEX loose_nullable",
        CreatePrimaryKeyOp("k", "loose", [], postgresql_using_index="loose_nullable")),
    sql("ALTER TABLE child ADD CONSTRAINT k PRIMARY KEY USING INDEX child_nullable",
        CreatePrimaryKeyOp("k", "child", [], postgresql_using_index="child_nullable"),
        before=["ALTER TABLE child DROP CONSTRAINT child_pkey"]),
    op("foreign key that all partitions have", lambda o: o.create_foreign_key("f", "metric", "parent", ["id"], ["id"]),
       before=["ALTER TABLE metric_1 ADD CONSTRAINT f1 FOREIGN KEY (id) REFERENCES parent"]),
    sql("ALTER TABLE child ADD CONSTRAINT n NOT NULL note NOT VALID",
        AlterColumnOp("child", "note", modify_nullable=False, postgresql_not_valid=True), since=(18,)),
    sql("ALTER TABLE child ADD CONSTRAINT e EXCLUDE USING gist (span WITH &&)", ops.AddExclusionOp("child", None, "e")),
    sql("ALTER TABLE child RENAME CONSTRAINT child_other TO o",
        ops.RenameConstraintOp("child", None, "child_other", "o")),
    drop_constraint("child_small", kind="check"), drop_constraint("child_other", kind="foreignkey"),
    drop_constraint("child_parent"), drop_constraint("child_pkey", kind="primary"),
    sql("ALTER TABLE parent DROP CONSTRAINT parent_code CASCADE", DropConstraintOp("parent_code", "parent", "unique"),
        clauses={"cascade": ""}),
    sql("ALTER TABLE other DROP CONSTRAINT other_pkey CASCADE", DropConstraintOp("other_pkey", "other", "primary"),
        clauses={"cascade": ""}),
    sql("ALTER TABLE heir ADD CHECK (id > 0) NOT ENFORCED",
        CreateCheckConstraintOp(None, "heir", "id > 0", postgresql_not_valid=True), since=(18,)),
]  # fmt: skip
INDEXED = [
    op("create index", lambda o: o.create_index("i", "child", ["note"])),
    op("create unique index", lambda o: o.create_index("i", "child", ["body", "id"], unique=True)),
    op(
        "create partial index",
        lambda o: o.create_index("i", "child", ["note"], postgresql_where=sa.text("id > 5")),
    ),
    op("create index on a partitioned table", lambda o: o.create_index("i", "event", ["day"])),
    sql("CREATE INDEX i ON ONLY event (day)", CreateIndexOp("i", "event", ["day"]), clauses={"only": ""}),
    op("drop index", lambda o: o.drop_index("child_indexed", "child")),
    op("drop index without its table", lambda o: o.drop_index("child_indexed")),
    op("drop index of a partitioned table", lambda o: o.drop_index("event_note")),
    sql("ALTER INDEX child_indexed RENAME TO x", ops.RenameIndexOp("child_indexed", "x")),
    sql(
        "ALTER INDEX one ATTACH PARTITION two",
        ops.AttachIndexOp("one", "two"),
        before=["CREATE INDEX one ON ONLY event (day)", "CREATE INDEX two ON event_1 (day)"],
    ),
    sql("REINDEX INDEX child_indexed", ops.ReindexOp("index", "child_indexed")),
    sql("REINDEX TABLE child", ops.ReindexOp("table", "child")),
]
TABLES = [
    op("create table", lambda o: o.create_table("new", sa.Column("id", sa.Integer, primary_key=True))),
    op("create table with foreign keys", lambda o: o.create_table(
        "new", sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("parent_id", sa.BigInteger, sa.ForeignKey("parent.id")), sa.Column("other_id", sa.BigInteger),
        sa.Column("up", sa.Integer, sa.ForeignKey("new.id")), sa.ForeignKeyConstraint(["other_id"], ["other.id"]))),
    *(sql(f"ALTER TABLE child {action}", ops.TableOptionOp("child", None, option, value))
      for action, option, value in [
        ("SET UNLOGGED", "unlogged", None), ("OWNER TO CURRENT_USER", "owner", None),
        ("ENABLE ROW LEVEL SECURITY", "row level security", None),
        ("REPLICA IDENTITY FULL", "replica identity", "full"), ("SET (fillfactor = 70)", "storage parameters", None),
        ("SET (autovacuum_enabled = off)", "storage parameters", None),
        ("ALTER note SET STATISTICS 500", "statistics", None), ("ALTER note SET STORAGE PLAIN", "column storage", None),
        ("ALTER body SET COMPRESSION pglz", "column compression", None),
        ("CLUSTER ON child_pkey", "cluster on", None), ("DISABLE TRIGGER ALL", "disable trigger", None),
        ("ENABLE TRIGGER ALL", "enable trigger", None), ("SET SCHEMA elsewhere", "set schema", "elsewhere")]),
    sql("ALTER TABLE child SET LOGGED", ops.TableOptionOp("child", None, "logged"),
        before=["ALTER TABLE child SET UNLOGGED"]),
    sql("ALTER TABLE heir INHERIT kin", ops.TableOptionOp("heir", None, "inherit", "kin")),
    sql("ALTER TABLE kid NO INHERIT kin", ops.TableOptionOp("kid", None, "no inherit", "kin")),
    sql("CLUSTER child USING child_pkey", ops.RewriteTableOp("CLUSTER", "child")),
    sql("TRUNCATE heir, loose", ops.TruncateOp(("heir", "loose"))),
    sql("TRUNCATE parent CASCADE", ops.TruncateOp(("parent",), cascade=True)),
    sql("TRUNCATE event", ops.TruncateOp(("event",))),
    sql("LOCK TABLE child", ops.LockTableOp(("child",), "ACCESS EXCLUSIVE")),
    sql("LOCK TABLE child IN SHARE MODE", ops.LockTableOp(("child",), "SHARE")),
    sql("LOCK TABLE child IN EXCLUSIVE MODE", ops.LockTableOp(("child",), "EXCLUSIVE")),
    sql("CREATE TABLE event_3 PARTITION OF event FOR VALUES FROM (500) TO (600)",
        ops.CreatePartitionOp("event", None, "event_3")),
    sql("CREATE TABLE metric_2 PARTITION OF metric FOR VALUES FROM (500) TO (600)",
        ops.CreatePartitionOp("metric", None, "metric_2")),
    sql("CREATE TABLE metric_rest PARTITION OF metric DEFAULT",
        ops.CreatePartitionOp("metric", None, "metric_rest", default=True)),
    sql("ALTER TABLE event ATTACH PARTITION event_2 FOR VALUES FROM (300) TO (400)",
        ops.AttachPartitionOp("event", None, "event_2")),
    sql("ALTER TABLE event DETACH PARTITION event_1", ops.DetachPartitionOp("event", None, "event_1")),
    sql("ALTER TABLE metric DETACH PARTITION metric_1", ops.DetachPartitionOp("metric", None, "metric_1")),
    sql("CREATE TRIGGER t BEFORE INSERT ON child FOR EACH ROW EXECUTE FUNCTION nothing()",
        ops.TriggerOp("child", None, "t", "create")),
    sql("CREATE OR REPLACE TRIGGER watch AFTER INSERT ON parent FOR EACH ROW EXECUTE FUNCTION nothing()",
        ops.TriggerOp("parent", None, "watch", "replace")),
    sql("CREATE TRIGGER t BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION nothing()",
        ops.TriggerOp("event", None, "t", "create")),
    sql("DROP TRIGGER watch ON parent", ops.TriggerOp("parent", None, "watch", "drop")),
    sql("ALTER TRIGGER watch ON parent RENAME TO w", ops.TriggerOp("parent", None, "watch", "rename")),
    sql("CREATE POLICY p ON child USING (true)", ops.TableRuleOp("child", None, "policy", "p", "create")),
    sql("ALTER POLICY look ON parent USING (false)", ops.TableRuleOp("parent", None, "policy", "look", "alter")),
    sql("DROP POLICY look ON parent", ops.TableRuleOp("parent", None, "policy", "look", "drop")),
    sql("CREATE RULE r AS ON DELETE TO child DO ALSO NOTHING", ops.TableRuleOp("child", None, "rule", "r", "create")),
    sql("DROP RULE quiet ON other", ops.TableRuleOp("other", None, "rule", "quiet", "drop")),
    sql("INSERT INTO loose VALUES (1000)", ops.DmlOp("loose", None, "insert")),
    sql("UPDATE heir SET parent_id = 1", ops.DmlOp("heir", None, "update")),
    sql("DELETE FROM heir WHERE parent_id > 5", ops.DmlOp("heir", None, "delete", where=True)),
    op("bulk insert", lambda o: o.bulk_insert(
        sa.table("heir", sa.column("id", sa.Integer)), [{"id": 1001}, {"id": 1002}])),
]  # fmt: skip
OBJECTS = [
    sql("ALTER DOMAIN label ADD CHECK (VALUE <> 'x')", ops.AlterDomainOp("label", "add check")),
    sql("ALTER DOMAIN label SET NOT NULL", ops.AlterDomainOp("label", "set not null")),
    sql(
        "ALTER DOMAIN label ADD CHECK (VALUE <> 'x') NOT VALID",
        ops.AlterDomainOp("label", "add check not valid"),
    ),
    sql("ALTER DOMAIN label SET DEFAULT 'x'", ops.AlterDomainOp("label", "set default")),
    sql(
        "ALTER DOMAIN label VALIDATE CONSTRAINT late",
        ops.AlterDomainOp("label", "validate"),
        before=["ALTER DOMAIN label ADD CONSTRAINT late CHECK (VALUE <> 'x') NOT VALID"],
    ),
    sql("DROP DOMAIN label CASCADE", ops.DropTypeOp("label", cascade=True)),
    sql("DROP TYPE mood CASCADE", ops.DropTypeOp("mood", cascade=True)),
    sql("ALTER TYPE mood ADD VALUE 'sad'", ops.AddEnumValueOp("mood", "sad")),
    sql("ALTER TYPE mood RENAME VALUE 'calm' TO 'quiet'", ops.RenameEnumValueOp("mood", "calm", "quiet")),
    sql("ALTER TYPE mood RENAME TO humour", ops.RenameTypeOp("mood", "humour")),
    sql("CREATE TYPE colour AS ENUM ('red')", ops.CreateEnumOp("colour", ("red",))),
    sql("CREATE VIEW more AS SELECT id FROM child", ops.ViewOp("more", "create", sources=("child",))),
    sql(
        "CREATE OR REPLACE VIEW names AS SELECT id, name FROM parent",
        ops.ViewOp("names", "replace", sources=("parent",)),
    ),
    sql("DROP VIEW names", ops.ViewOp("names", "drop", sources=("parent",))),
    sql(
        "REFRESH MATERIALIZED VIEW counted",
        ops.ViewOp("counted", "refresh", materialized=True, sources=("parent",)),
    ),
    sql(
        "REFRESH MATERIALIZED VIEW CONCURRENTLY counted",
        ops.ViewOp("counted", "refresh", materialized=True, concurrently=True, sources=("parent",)),
    ),
    sql("ALTER SEQUENCE counter AS bigint", ops.SequenceOp("counter", "alter", type_name="bigint")),
    sql(
        "ALTER SEQUENCE counter OWNED BY numbered.id",
        ops.SequenceOp("counter", "alter", owned_by="numbered.id"),
    ),
    sql(
        "CREATE SEQUENCE another OWNED BY numbered.id",
        ops.SequenceOp("another", "create", owned_by="numbered.id"),
    ),
    sql("DROP SEQUENCE counter CASCADE", ops.SequenceOp("counter", "drop", cascade=True)),
    sql("COMMENT ON TABLE child IS 'x'", ops.HarmlessOp("comment", "child")),
    sql("GRANT SELECT ON child TO CURRENT_USER", ops.HarmlessOp("grant", "child")),
    sql("ANALYZE child", ops.HarmlessOp("analyze", "child")),
    sql("CREATE STATISTICS s ON note, body FROM child", ops.HarmlessOp("create statistics", "child")),
    sql("CREATE PUBLICATION p FOR TABLE child", ops.PublicationOp("p", "create", ("child",))),
    sql("ALTER SCHEMA public RENAME TO private", ops.SchemaOp("public", "rename", "private")),
]
CHANGES = [*ADDED, *DROPPED, *ALTERED, *CONSTRAINED, *INDEXED, *TABLES, *OBJECTS]
