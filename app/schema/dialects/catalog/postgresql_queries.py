"""The queries of `postgresql`. Each asks about everything that people made; `relation` is the table's oid."""

from __future__ import annotations

_PEOPLE = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
_SCHEMA = "CASE WHEN n.nspname = current_schema() THEN NULL ELSE n.nspname::text END AS schema_name"


def _own(catalogue: str, oid: str) -> str:
    """Return the condition that an extension has not brought a thing along."""
    return (
        f"NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '{catalogue}'::regclass"
        f" AND e.objid = {oid} AND e.deptype = 'e')"
    )


RELATIONS = f"""
    SELECT c.oid, {_SCHEMA}, c.relname::text AS name, c.relkind::text AS kind,
           obj_description(c.oid, 'pg_class') AS comment, c.relpersistence::text AS persistence,
           c.relrowsecurity AS row_security, c.relforcerowsecurity AS row_security_forced,
           array_to_string(c.reloptions, ', ') AS options,
           CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS definition,
           CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS partitioned
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND {_PEOPLE}
      AND {_own("pg_class", "c.oid")}
"""  # noqa: S608  (constants)

# A sequence belongs to a column with 'a' (serial, OWNED BY) or 'i' (identity).
COLUMNS = f"""
    SELECT a.attrelid AS relation, a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type,
           NOT a.attnotnull AS nullable, a.attidentity::text AS identity, a.attgenerated::text AS generated,
           pg_get_expr(d.adbin, d.adrelid) AS expression, col_description(a.attrelid, a.attnum) AS comment,
           CASE WHEN a.attcollation <> t.typcollation THEN l.collname::text END AS collation,
           EXISTS (
               SELECT FROM pg_depend s JOIN pg_depend u ON u.refobjid = s.objid AND u.refclassid = s.classid
               WHERE s.classid = 'pg_class'::regclass AND s.refclassid = 'pg_class'::regclass
                 AND s.refobjid = a.attrelid AND s.refobjsubid = a.attnum AND s.deptype = 'a'
                 AND u.classid = 'pg_attrdef'::regclass AND u.objid = d.oid
           ) AS serial
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    LEFT JOIN pg_collation l ON l.oid = a.attcollation
    WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition
      AND {_PEOPLE}
    ORDER BY a.attname
"""  # noqa: S608  (constants)

CONSTRAINTS = f"""
    SELECT k.conrelid AS relation, k.conname::text AS name, k.contype::text AS kind,
           pg_get_constraintdef(k.oid) AS definition, k.convalidated AS valid,
           k.condeferrable AS deferrable, k.condeferred AS deferred, k.confmatchtype::text AS match,
           k.confdeltype::text AS on_delete, k.confupdtype::text AS on_update,
           CASE WHEN k.confrelid <> 0 THEN k.confrelid::regclass::text END AS references,
           (SELECT array_agg(a.attname::text ORDER BY o.n) FROM unnest(k.conkey) WITH ORDINALITY o (number, n)
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = o.number) AS columns,
           (SELECT array_agg(a.attname::text ORDER BY o.n) FROM unnest(k.confkey) WITH ORDINALITY o (number, n)
            JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = o.number) AS referred
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND k.conparentid = 0 AND NOT c.relispartition AND {_PEOPLE}
    ORDER BY k.contype, k.conname
"""  # noqa: S608  (constants)

# indoption: bit 1 is DESC, bit 2 NULLS FIRST; without a word ASC has NULLS LAST and DESC has NULLS FIRST.
INDEXES = f"""
    SELECT i.indrelid AS relation, x.relname::text AS name, i.indisunique AS is_unique, i.indisvalid AS valid,
           m.amname::text AS method, pg_get_expr(i.indpred, i.indrelid) AS predicate,
           concat_ws(', ',
               CASE WHEN pg_get_indexdef(x.oid) ~ ' NULLS NOT DISTINCT' THEN 'NULLS NOT DISTINCT' END,
               array_to_string(x.reloptions, ', ')) AS rest,
           (SELECT array_agg(
                concat_ws(' ', pg_get_indexdef(x.oid, k.p::int, false),
                    CASE WHEN NOT o.opcdefault THEN o.opcname END,
                    CASE WHEN k.coll NOT IN (0, coalesce(a.attcollation, k.coll))
                         THEN 'COLLATE ' || (SELECT l.collname FROM pg_collation l WHERE l.oid = k.coll)
                    END,
                    CASE k.sorting WHEN 1 THEN 'DESC NULLS LAST' WHEN 2 THEN 'NULLS FIRST' WHEN 3 THEN 'DESC' END
                ) ORDER BY k.p)
            FROM ROWS FROM (unnest(i.indclass::oid[]), unnest(i.indcollation::oid[]), unnest(i.indoption::int2[]))
                 WITH ORDINALITY k (opclass, coll, sorting, p)
            JOIN pg_opclass o ON o.oid = k.opclass
            LEFT JOIN pg_attribute a
                   ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.p - 1] AND a.attnum > 0
           ) AS parts,
           (SELECT array_agg(pg_get_indexdef(x.oid, k.p::int, false) ORDER BY k.p)
            FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (number, p) WHERE k.p > i.indnkeyatts) AS include
    FROM pg_index i
    JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
    JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT c.relispartition AND {_PEOPLE}
      AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.oid AND k.contype IN ('p', 'u', 'x'))
    ORDER BY x.relname
"""  # noqa: S608  (constants)

ATTACHMENTS = f"""
    SELECT t.tgrelid AS relation, 'trigger' AS kind, t.tgname::text AS name,
           pg_get_triggerdef(t.oid) AS definition, t.tgenabled <> 'D' AS enabled
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT t.tgisinternal AND {_PEOPLE} AND {_own("pg_trigger", "t.oid")}
    UNION ALL
    SELECT p.polrelid, 'policy', p.polname::text,
           concat_ws(' ', CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
               'FOR', p.polcmd::text, 'USING', pg_get_expr(p.polqual, p.polrelid),
               'CHECK', pg_get_expr(p.polwithcheck, p.polrelid)), true
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {_PEOPLE}
    UNION ALL
    SELECT r.ev_class, 'rule', r.rulename::text, pg_get_ruledef(r.oid), r.ev_enabled <> 'D'
    FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND {_PEOPLE}
    ORDER BY 2, 3
"""  # noqa: S608  (constants)

TYPES = f"""
    SELECT 'enum type' AS kind, {_SCHEMA}, t.typname::text AS name, 'values' AS aspect,
           (SELECT string_agg(quote_literal(v.enumlabel), ', ' ORDER BY v.enumsortorder)
            FROM pg_enum v WHERE v.enumtypid = t.oid) AS definition
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype = 'e' AND {_PEOPLE} AND {_own("pg_type", "t.oid")}
    UNION ALL
    SELECT 'domain', {_SCHEMA}, t.typname::text, 'definition',
           concat_ws(' ', format_type(t.typbasetype, t.typtypmod), CASE WHEN t.typnotnull THEN 'NOT NULL' END,
               'DEFAULT ' || t.typdefault,
               (SELECT string_agg(pg_get_constraintdef(k.oid), ' ' ORDER BY k.conname)
                FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'))
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype = 'd' AND {_PEOPLE} AND {_own("pg_type", "t.oid")}
    UNION ALL
    SELECT 'composite type', {_SCHEMA}, t.typname::text, 'definition',
           (SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
            FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_class c ON c.oid = t.typrelid
    WHERE t.typtype = 'c' AND c.relkind = 'c' AND {_PEOPLE} AND {_own("pg_type", "t.oid")}
"""  # noqa: S608  (constants)

SEQUENCES = f"""
    SELECT 'sequence' AS kind, {_SCHEMA}, c.relname::text AS name, 'definition' AS aspect,
           concat_ws(' ', format_type(s.seqtypid, NULL), 'START', s.seqstart, 'INCREMENT', s.seqincrement,
               'MINVALUE', s.seqmin, 'MAXVALUE', s.seqmax, CASE WHEN s.seqcycle THEN 'CYCLE' END) AS definition
    FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {_PEOPLE} AND {_own("pg_class", "c.oid")}
      AND NOT EXISTS (
          SELECT FROM pg_depend d
          WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
            AND d.refobjsubid > 0)
"""  # noqa: S608  (constants)

FUNCTIONS = f"""
    SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END AS kind, {_SCHEMA},
           p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS name,
           'definition' AS aspect, pg_get_functiondef(p.oid) AS definition
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.prokind IN ('f', 'p') AND {_PEOPLE} AND {_own("pg_proc", "p.oid")}
"""  # noqa: S608  (constants)
