"""What the tables of the log refuse, in the database itself.

Entries, checkpoints and cosignatures are only added. An entry gets its index once, and indexes have no gap. A salt is
made for an owner who has none and was not erased, and destroyed only when the erasure is on record. By privilege for
the application, and by triggers that are ENABLE ALWAYS for everybody else (docs/decisions/0011).
"""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION log_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: the log only grows', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION log_entry_gets_index_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.index IS NOT NULL OR NEW.index IS NULL
        OR (OLD.id, OLD.kind, OLD.subject_uuid, OLD.owner_uuid, OLD.entry, OLD.recorded_at)
        IS DISTINCT FROM (NEW.id, NEW.kind, NEW.subject_uuid, NEW.owner_uuid, NEW.entry, NEW.recorded_at) THEN
        RAISE EXCEPTION 'of a log entry only the index is set, once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

-- Unique indexes that begin where the others end and have no hole among them leave none.
CREATE FUNCTION log_indexes_are_dense() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    first bigint;
    last bigint;
    many bigint;
BEGIN
    SELECT min(index), max(index), count(*) INTO first, last, many FROM given;
    IF many > 0 AND (last - first + 1 <> many OR first < 0
        OR (first > 0 AND NOT EXISTS (SELECT 1 FROM credits_logentry WHERE index = first - 1))) THEN
        RAISE EXCEPTION 'indexes of the log have no gap' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'log_index_dense';
    END IF;
    RETURN NULL;
END $$;

-- An entry is born without an index; only what comes back from the tiles after a restore has one, and no subject.
CREATE FUNCTION log_entry_comes_back() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.subject_uuid IS NOT NULL OR NEW.index < 0
        OR (NEW.index > 0 AND NOT EXISTS (SELECT 1 FROM credits_logentry WHERE index = NEW.index - 1)) THEN
        RAISE EXCEPTION 'a log entry gets its index from the sequencer' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'log_index_dense';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION log_refuse_reopening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.to_at IS NOT NULL AND OLD.to_at IS DISTINCT FROM NEW.to_at OR OLD.public_key <> NEW.public_key
        OR OLD.from_at <> NEW.from_at OR OLD.id <> NEW.id THEN
        RAISE EXCEPTION 'of a key of the log or of a witness the period ends once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION log_salt_is_made() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM credits_saltrecord WHERE owner_uuid = NEW.owner_uuid AND erased_at IS NULL) THEN
        RAISE EXCEPTION 'this owner was erased, or has no record' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'log_salt_erased';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION log_salt_is_destroyed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE'
        OR EXISTS (SELECT 1 FROM credits_saltrecord WHERE owner_uuid = OLD.owner_uuid AND erased_at IS NULL) THEN
        RAISE EXCEPTION 'a salt never changes, and goes only by an erasure' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;

CREATE FUNCTION log_erasure_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.erased_at IS NOT NULL OR OLD.owner_uuid <> NEW.owner_uuid
        OR OLD.made_at <> NEW.made_at THEN
        RAISE EXCEPTION 'an erasure is not undone' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""

TRIGGERS = {
    "credits_logentry": {
        "log_index_once": "BEFORE UPDATE {on} FOR EACH ROW EXECUTE FUNCTION log_entry_gets_index_once()",
        "log_dense": "AFTER UPDATE {on} REFERENCING NEW TABLE AS given"
        " FOR EACH STATEMENT EXECUTE FUNCTION log_indexes_are_dense()",
        "log_back": "BEFORE INSERT {on} FOR EACH ROW WHEN (NEW.index IS NOT NULL)"
        " EXECUTE FUNCTION log_entry_comes_back()",
        "log_guard": "BEFORE DELETE OR TRUNCATE {on} FOR EACH STATEMENT EXECUTE FUNCTION log_refuse_change()",
    },
    "credits_checkpoint": {
        "log_guard": "BEFORE UPDATE OR DELETE OR TRUNCATE {on} FOR EACH STATEMENT EXECUTE FUNCTION log_refuse_change()",
    },
    "credits_cosignature": {
        "log_guard": "BEFORE UPDATE OR DELETE OR TRUNCATE {on} FOR EACH STATEMENT EXECUTE FUNCTION log_refuse_change()",
    },
    "credits_witness": {
        "log_period": "BEFORE UPDATE {on} FOR EACH ROW EXECUTE FUNCTION log_refuse_reopening()",
        "log_guard": "BEFORE DELETE OR TRUNCATE {on} FOR EACH STATEMENT EXECUTE FUNCTION log_refuse_change()",
    },
    "credits_logkey": {
        "log_period": "BEFORE UPDATE {on} FOR EACH ROW EXECUTE FUNCTION log_refuse_reopening()",
        "log_guard": "BEFORE DELETE OR TRUNCATE {on} FOR EACH STATEMENT EXECUTE FUNCTION log_refuse_change()",
    },
    "credits_ownersalt": {
        "log_made": "BEFORE INSERT {on} FOR EACH ROW EXECUTE FUNCTION log_salt_is_made()",
        "log_destroyed": "BEFORE UPDATE OR DELETE {on} FOR EACH ROW EXECUTE FUNCTION log_salt_is_destroyed()",
        "log_guard": "BEFORE TRUNCATE {on} FOR EACH STATEMENT EXECUTE FUNCTION log_refuse_change()",
    },
    "credits_saltrecord": {
        "log_erasure": "BEFORE UPDATE OR DELETE {on} FOR EACH ROW EXECUTE FUNCTION log_erasure_stays()",
        "log_guard": "BEFORE TRUNCATE {on} FOR EACH STATEMENT EXECUTE FUNCTION log_refuse_change()",
    },
}

PRIVILEGES = """
REVOKE UPDATE, DELETE, TRUNCATE ON credits_logentry, credits_checkpoint, credits_cosignature, credits_witness,
    credits_logkey, credits_saltrecord FROM guixue_app;
REVOKE UPDATE, TRUNCATE ON credits_ownersalt FROM guixue_app;
GRANT UPDATE (index) ON credits_logentry TO guixue_app;
GRANT UPDATE (to_at, address, operator, asked_at, last_error) ON credits_witness TO guixue_app;
GRANT UPDATE (to_at) ON credits_logkey TO guixue_app;
GRANT UPDATE (erased_at) ON credits_saltrecord TO guixue_app;
"""


def trigger(table: str, name: str, body: str) -> str:
    """Return the statements that make a trigger fire for everybody, replicas included."""
    made = f"CREATE TRIGGER {name} {body.format(on='ON ' + table)};"
    return f"{made}\nALTER TABLE {table} ENABLE ALWAYS TRIGGER {name};\n"


MADE = "".join(trigger(table, name, body) for table, found in TRIGGERS.items() for name, body in found.items())
UNDO = "".join(f"DROP TRIGGER {name} ON {table};\n" for table, found in TRIGGERS.items() for name in found) + """
DROP FUNCTION log_refuse_change(), log_entry_gets_index_once(), log_indexes_are_dense(), log_entry_comes_back(),
    log_refuse_reopening(), log_salt_is_made(), log_salt_is_destroyed(), log_erasure_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("credits", "0010_the_log")]
    operations = [migrations.RunSQL(FUNCTIONS + MADE + PRIVILEGES, UNDO)]
