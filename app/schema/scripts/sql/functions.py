"""Functions of the servers that a SELECT may call without changing what matters here.

Sources: the function chapters of the PostgreSQL 17, MySQL 8.4, MariaDB 10.11 and SQLite manuals. Functions that
sqlglot has a class for (count, coalesce, …) only compute and need no entry.
"""

from __future__ import annotations

from .words import words

# Only read or compute.
READ_ONLY = words(
    """
    abs acos age array_append array_cat array_fill array_length array_ndims array_position array_positions
    array_prepend array_remove array_replace array_upper array_lower asin atan atan2 ascii bit_length btrim cardinality
    cbrt ceil ceiling char_length character_length chr clock_timestamp coalesce col_description concat concat_ws
    convert_from convert_to cos current_database current_schema current_schemas current_setting currval lastval
    date_part date_trunc decode degrees digest div encode enum_first enum_last enum_range exp extract floor
    format format_type gen_random_uuid gen_random_bytes generate_series generate_subscripts get_byte
    greatest has_table_privilege has_schema_privilege hex host hstore hstore_to_json inet_aton inet_ntoa initcap instr
    json_agg json_array json_array_elements json_array_elements_text json_array_length json_build_array
    json_build_object json_contains json_each json_each_text json_extract json_extract_path json_extract_path_text
    json_keys json_length json_object json_object_agg json_object_keys json_populate_record json_quote json_set
    json_insert json_remove json_replace json_strip_nulls json_to_record json_to_recordset json_type json_typeof
    json_unquote json_valid json_value json_search json_merge_patch json_merge_preserve jsonb_agg jsonb_array_elements
    jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text
    jsonb_extract_path jsonb_extract_path_text jsonb_insert jsonb_object jsonb_object_agg jsonb_object_keys
    jsonb_path_exists jsonb_path_query jsonb_path_query_array jsonb_path_query_first jsonb_pretty
    jsonb_populate_record jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_record jsonb_to_recordset jsonb_typeof
    last_insert_rowid last_insert_id least left length ln log log10 lower lpad ltrim make_date make_interval
    make_time make_timestamp make_timestamptz md5 mod now nullif num_nonnulls num_nulls obj_description octet_length
    overlay parse_ident pg_advisory_unlock_all pg_backend_pid pg_column_size pg_database_size pg_get_constraintdef
    pg_get_expr pg_get_functiondef pg_get_indexdef pg_get_ruledef pg_get_serial_sequence pg_get_triggerdef
    pg_get_userbyid pg_get_viewdef pg_has_role pg_index_column_has_property pg_indexes_size pg_is_in_recovery
    pg_relation_size pg_size_pretty pg_table_is_visible pg_table_size pg_total_relation_size pg_type_is_visible
    pg_typeof pi position power quote_ident quote_literal quote_nullable radians random randomblob
    regexp_count regexp_instr regexp_like regexp_match regexp_matches regexp_replace regexp_split_to_array
    regexp_split_to_table regexp_substr repeat replace reverse right round row_number row_to_json rpad rtrim sha1 sha2
    sha224 sha256 sha384 sha512 sign similarity sin split_part sqlite_version sqrt starts_with statement_timestamp
    strftime string_agg string_to_array string_to_table strpos substr substring tan time timeofday date datetime
    julianday unixepoch timestampdiff timestampadd to_ascii to_char to_date to_hex to_json to_jsonb to_number
    to_regclass to_regnamespace to_regproc to_regtype to_timestamp to_tsquery to_tsvector total transaction_timestamp
    translate trim trunc txid_current typeof unaccent unhex unnest upper user uuid uuid_generate_v1 uuid_generate_v4
    uuid_short uuid_to_bin bin_to_uuid version width_bucket connection_id database found_rows row_count
    is_used_lock is_free_lock convert_tz str_to_date date_format unix_timestamp from_unixtime field find_in_set
    elt make_set soundex space strcmp substring_index ifnull iif printf quote zeroblob likelihood likely unlikely
    changes total_changes st_asgeojson st_astext st_distance st_dwithin st_geomfromtext st_intersects st_makepoint
    st_point st_setsrid st_x st_y st_srid st_transform websearch_to_tsquery plainto_tsquery phraseto_tsquery ts_rank
    pg_tables_visible array_to_json array_to_string any_value bool_and bool_or every percentile_cont percentile_disc
    """
)

# Have an effect, but on no table's definition and on no lock that matters: name → kind of HarmlessOp.
HARMLESS_EFFECTS = {
    "setval": "sequence value",
    "nextval": "sequence value",
    "pg_notify": "notify",
    "pg_advisory_unlock": "advisory unlock",
    "release_lock": "advisory unlock",
    "pg_reload_conf": "reload configuration",
    "pg_stat_reset": "statistics",
}
