"""What the ledger's tables refuse, in the database itself.

Append-only by privilege and by trigger; balances moved by the owner's trigger alone; postings balanced,
moving the way their event may, mirrored exactly when they reverse. All triggers are ENABLE ALWAYS, because
`session_replication_role = replica` switches ordinary ones off (credits.md §5.1, tried).
"""

from django.db import migrations

APPEND_ONLY = ("credits_lot", "credits_account", "credits_posting", "credits_postingline")

FUNCTIONS = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: the ledger only grows, mistakes are reversed by a posting', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

-- A balance may be written only from inside ledger_move_balances, that is, one trigger deeper than a statement.
CREATE FUNCTION ledger_refuse_balance_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP IN ('INSERT', 'UPDATE') AND pg_trigger_depth() > 1 THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% of % is refused: balances move with posting lines only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION ledger_stamp_lot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.recorded_at := clock_timestamp();
    RETURN NEW;
END $$;

-- The record time is the database's clock. A web server's clock may run ahead by a moment, not by more.
CREATE FUNCTION ledger_stamp_posting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.recorded_at := clock_timestamp();
    IF NEW.event_at > NEW.recorded_at AND NEW.event_at < NEW.recorded_at + interval '2 seconds' THEN
        NEW.event_at := NEW.recorded_at;
    END IF;
    IF NEW.reverses_id IS NOT NULL
        AND EXISTS (SELECT 1 FROM credits_posting WHERE id = NEW.reverses_id AND reverses_id IS NOT NULL) THEN
        RAISE EXCEPTION 'a reversal is not reversed' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'posting_reversal_of_reversal';
    END IF;
    RETURN NEW;
END $$;

-- Balances are taken in the order (lot, account), so that two postings over the same lots never wait in a circle.
CREATE FUNCTION ledger_move_balances() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    change record;
BEGIN
    IF EXISTS (
        SELECT 1 FROM credits_posting p
        WHERE p.id IN (SELECT posting_id FROM added)
            AND (SELECT count(*) FROM credits_postingline l WHERE l.posting_id = p.id) > p.line_count
    ) THEN
        RAISE EXCEPTION 'a line was added to a finished posting' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'posting_is_finished';
    END IF;
    FOR change IN
        SELECT a.lot_id, a.account_id, k.kind IN ('converted_in', 'issued') AS is_source, sum(a.amount) AS amount
        FROM added a JOIN credits_account k ON k.id = a.account_id
        GROUP BY a.lot_id, a.account_id, k.kind
        ORDER BY a.lot_id, a.account_id
    LOOP
        UPDATE credits_balance SET amount = amount + change.amount, version = version + 1
            WHERE lot_id = change.lot_id AND account_id = change.account_id;
        IF NOT FOUND THEN
            INSERT INTO credits_balance (lot_id, account_id, is_source, amount, version)
                VALUES (change.lot_id, change.account_id, change.is_source, change.amount, 1)
                ON CONFLICT (lot_id, account_id) DO NOTHING;
            IF NOT FOUND THEN  -- somebody made it between the two statements
                UPDATE credits_balance SET amount = amount + change.amount, version = version + 1
                    WHERE lot_id = change.lot_id AND account_id = change.account_id;
            END IF;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

CREATE FUNCTION ledger_check_posting() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (SELECT count(*) FROM credits_postingline WHERE posting_id = NEW.id) <> NEW.line_count THEN
        RAISE EXCEPTION 'posting % has not the lines it says', NEW.uuid USING ERRCODE = 'check_violation',
            CONSTRAINT = 'posting_has_its_lines';
    END IF;
    IF EXISTS (
        SELECT 1 FROM credits_postingline WHERE posting_id = NEW.id GROUP BY lot_id HAVING sum(amount) <> 0
    ) THEN
        RAISE EXCEPTION 'posting % does not sum to zero', NEW.uuid USING ERRCODE = 'check_violation',
            CONSTRAINT = 'posting_balanced';
    END IF;
    IF NEW.event = 'reversed' THEN
        IF EXISTS (
            (SELECT account_id, lot_id, -amount FROM credits_postingline WHERE posting_id = NEW.reverses_id
             EXCEPT SELECT account_id, lot_id, amount FROM credits_postingline WHERE posting_id = NEW.id)
            UNION ALL
            (SELECT account_id, lot_id, amount FROM credits_postingline WHERE posting_id = NEW.id
             EXCEPT SELECT account_id, lot_id, -amount FROM credits_postingline WHERE posting_id = NEW.reverses_id)
        ) THEN
            RAISE EXCEPTION 'posting % is not the mirror of what it reverses', NEW.uuid
                USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_mirrors';
        END IF;
    ELSIF EXISTS (
        SELECT 1 FROM credits_postingline l JOIN credits_account k ON k.id = l.account_id
        WHERE l.posting_id = NEW.id AND NOT EXISTS (
            SELECT 1 FROM ledger_allowed_moves() m
            WHERE m.event = NEW.event AND m.comes_in = (l.amount > 0) AND m.kind = k.kind
        )
    ) THEN
        RAISE EXCEPTION 'posting % moves credit a way that % may not', NEW.uuid, NEW.event
            USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_moves_allowed';
    END IF;
    RETURN NULL;
END $$;

-- The same table as credits/ledger/rules.py MOVES; a test compares the two.
CREATE FUNCTION ledger_allowed_moves() RETURNS TABLE (event text, comes_in boolean, kind text)
LANGUAGE sql IMMUTABLE AS $$
    VALUES ('minted', false, 'issued'), ('minted', true, 'available'),
           ('reserved', false, 'available'), ('reserved', true, 'reserved'),
           ('released', false, 'reserved'), ('released', true, 'available'),
           ('recognised', false, 'available'), ('recognised', false, 'reserved'),
           ('recognised', false, 'converted_in'), ('recognised', true, 'converted_out'),
           ('recognised', true, 'unusable'), ('recognised', true, 'recognised'),
           ('redeemed', false, 'recognised'), ('redeemed', true, 'redeemed'),
           ('expired', false, 'available'), ('expired', true, 'expired')
$$;

-- One posting in one round trip, with the caller's own privileges: nothing here that plain INSERTs could not do.
CREATE FUNCTION ledger_post(
    new_uuid uuid, new_event text, new_key text, new_source_kind text, new_source_uuid uuid, reversed_id bigint,
    actor_person uuid, actor_institution uuid, new_actor_role text, new_event_at timestamptz,
    kinds text[], owners text[], lots uuid[], amounts numeric[]
) RETURNS TABLE (posting_id bigint, posting_uuid uuid, happened timestamptz, recorded timestamptz, fresh boolean)
LANGUAGE plpgsql AS $$
DECLARE
    made credits_posting;
    written integer;
BEGIN
    INSERT INTO credits_posting (uuid, event, idempotency_key, line_count, source_kind, source_uuid, reverses_id,
            actor_person_uuid, actor_institution_uuid, actor_role, event_at)
        VALUES (new_uuid, new_event, new_key, cardinality(lots), new_source_kind, new_source_uuid, reversed_id,
            actor_person, actor_institution, new_actor_role, new_event_at)
        ON CONFLICT (idempotency_key) DO NOTHING RETURNING * INTO made;
    IF made.id IS NULL THEN
        RETURN QUERY SELECT p.id, p.uuid, p.event_at, p.recorded_at, false
            FROM credits_posting p WHERE p.idempotency_key = new_key;
        RETURN;
    END IF;
    INSERT INTO credits_account (kind, owner)
        SELECT DISTINCT w.kind, w.owner FROM unnest(kinds, owners) AS w(kind, owner)
        WHERE NOT EXISTS (SELECT 1 FROM credits_account k WHERE k.kind = w.kind AND k.owner = w.owner)
        ORDER BY 1, 2 ON CONFLICT DO NOTHING;
    INSERT INTO credits_postingline (posting_id, account_id, lot_id, amount)
        SELECT made.id, k.id, t.id, w.amount
        FROM unnest(kinds, owners, lots, amounts) AS w(kind, owner, lot, amount)
        JOIN credits_account k ON k.kind = w.kind AND k.owner = w.owner
        JOIN credits_lot t ON t.uuid = w.lot;
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written <> cardinality(lots) THEN
        RAISE EXCEPTION 'a lot of this posting is not there' USING ERRCODE = 'foreign_key_violation',
            CONSTRAINT = 'posting_line_lot_there';
    END IF;
    RETURN QUERY SELECT made.id, made.uuid, made.event_at, made.recorded_at, true;
END $$;

REVOKE EXECUTE ON FUNCTION ledger_move_balances() FROM PUBLIC;
"""

TRIGGERS = """
CREATE TRIGGER ledger_stamp BEFORE INSERT ON credits_lot
    FOR EACH ROW EXECUTE FUNCTION ledger_stamp_lot();
ALTER TABLE credits_lot ENABLE ALWAYS TRIGGER ledger_stamp;

CREATE TRIGGER ledger_stamp BEFORE INSERT ON credits_posting
    FOR EACH ROW EXECUTE FUNCTION ledger_stamp_posting();
ALTER TABLE credits_posting ENABLE ALWAYS TRIGGER ledger_stamp;

CREATE CONSTRAINT TRIGGER ledger_check AFTER INSERT ON credits_posting DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION ledger_check_posting();
ALTER TABLE credits_posting ENABLE ALWAYS TRIGGER ledger_check;

CREATE TRIGGER ledger_move AFTER INSERT ON credits_postingline REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_move_balances();
ALTER TABLE credits_postingline ENABLE ALWAYS TRIGGER ledger_move;

CREATE TRIGGER ledger_guard BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON credits_balance
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_balance_change();
ALTER TABLE credits_balance ENABLE ALWAYS TRIGGER ledger_guard;
"""

APPEND_ONLY_TRIGGER = """
CREATE TRIGGER ledger_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER ledger_guard;
REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM guixue_app;
"""

# numeric(8,2) also holds NaN, which PostgreSQL calls greater than every number.
NUMBERS = "ALTER TABLE {table} ADD CONSTRAINT {name} CHECK (amount <> 'NaN'::numeric);"

PRIVILEGES = "REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON credits_balance FROM guixue_app;"


class Migration(migrations.Migration):
    dependencies = [("credits", "0001_ground_floor")]

    operations = [
        migrations.RunSQL(FUNCTIONS),
        migrations.RunSQL(TRIGGERS),
        *[migrations.RunSQL(APPEND_ONLY_TRIGGER.format(table=table)) for table in APPEND_ONLY],
        migrations.RunSQL(NUMBERS.format(table="credits_lot", name="lot_amount_is_number")),
        migrations.RunSQL(NUMBERS.format(table="credits_postingline", name="posting_line_is_number")),
        migrations.RunSQL(NUMBERS.format(table="credits_balance", name="balance_is_number")),
        migrations.RunSQL(PRIVILEGES),
    ]
