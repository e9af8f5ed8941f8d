"""What the ledger's newer events rest on, and what the database refuses without it.

The functions of `0002_ledger_guards` are replaced by longer ones; the tables of grounds only grow. All triggers are
ENABLE ALWAYS.
"""

from django.db import migrations

APPEND_ONLY = (
    "credits_ledgerrule", "credits_foreignparty", "credits_foreignpartykey", "credits_lotexport",
    "credits_lotexportrelease", "credits_openinglist", "credits_openingrow", "credits_openingverdict",
    "credits_degreeaward", "credits_lotflag", "credits_lotflaganswer",
)  # fmt: skip

FUNCTIONS = """
-- The same as credits/ledger/rules.py IRREVERSIBLE; a test compares the two.
CREATE FUNCTION ledger_irreversible() RETURNS TABLE (event text) LANGUAGE sql IMMUTABLE AS $$
    VALUES ('exported'), ('returned'), ('redeemed')
$$;

-- Does the row that a posting names allow this line of it? One answer a line; the moves themselves are checked elsewhere.
CREATE FUNCTION ledger_has_its_ground(
    its_event text, its_ground uuid, its_amount numeric, its_kind text, its_owner text, its_lot credits_lot
) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE its_event
        WHEN 'redeemed' THEN EXISTS (
            SELECT 1 FROM credits_degreeaward a WHERE a.uuid = its_ground AND a.holder_uuid = its_lot.holder_uuid
                AND a.institution_uuid = its_lot.issuer_uuid AND (its_kind <> 'redeemed' OR its_owner = a.uuid::text))
        WHEN 'expired' THEN EXISTS (
            SELECT 1 FROM credits_ledgerrule r
            WHERE r.uuid = its_ground AND r.kind = 'expiry_months' AND r.institution_uuid = its_lot.issuer_uuid
                AND (its_kind <> 'expired' OR its_owner = r.uuid::text))
        WHEN 'exported' THEN EXISTS (
            SELECT 1 FROM credits_lotexport e JOIN credits_foreignparty p ON p.id = e.party_id
            WHERE e.uuid = its_ground AND e.lot_id = its_lot.id AND e.amount = abs(its_amount)
                AND (its_kind <> 'exported' OR its_owner = p.uuid::text || ':' || e.uuid::text))
        WHEN 'returned' THEN EXISTS (
            SELECT 1 FROM credits_lotexportrelease r JOIN credits_lotexport e ON e.id = r.export_id
            JOIN credits_foreignparty p ON p.id = e.party_id
            JOIN credits_foreignpartykey s ON s.id = r.key_id AND s.party_id = p.id
            WHERE r.uuid = its_ground AND e.lot_id = its_lot.id AND e.amount = abs(its_amount)
                AND (its_kind <> 'exported' OR its_owner = p.uuid::text || ':' || e.uuid::text))
        WHEN 'imported' THEN its_lot.foreign_id <> '' AND its_lot.derived_from_id IS NULL AND EXISTS (
            SELECT 1 FROM credits_foreignparty p WHERE p.uuid = its_lot.issuer_uuid
                AND (its_kind <> 'imported' OR its_owner = p.uuid::text))
        WHEN 'opened' THEN EXISTS (
            SELECT 1 FROM credits_openingrow w JOIN credits_openinglist o ON o.id = w.opening_id
            JOIN credits_openingverdict v ON v.opening_id = o.id AND v.confirmed
            WHERE w.uuid = its_ground AND its_lot.attempt = 1 AND w.activity_uuid = its_lot.activity_uuid AND w.holder_uuid = its_lot.holder_uuid
                AND w.unit = its_lot.unit AND w.amount = abs(its_amount) AND o.institution_uuid = its_lot.issuer_uuid
                AND CASE its_kind
                    WHEN 'opening' THEN its_owner = o.institution_uuid::text
                    WHEN 'recognised' THEN its_owner = concat_ws(':', w.holder_uuid, w.programme_uuid, w.slot_uuid)
                    ELSE w.programme_uuid IS NULL END)
        ELSE true END
$$;

-- A list of credit from before is confirmed by somebody else than who uploaded it.
CREATE FUNCTION ledger_check_verdict() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.confirmed AND (NEW.actor_person_uuid IS NULL OR EXISTS (
        SELECT 1 FROM credits_openinglist o WHERE o.id = NEW.opening_id
            AND (o.actor_person_uuid IS NULL OR o.actor_person_uuid = NEW.actor_person_uuid
                OR o.institution_uuid IS DISTINCT FROM NEW.actor_institution_uuid)
    )) THEN
        RAISE EXCEPTION 'one person uploads, another confirms' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'opening_confirmed_by_another';
    END IF;
    RETURN NEW;
END $$;

-- A list that was confirmed or discarded takes no more rows: two people looked at what it said.
CREATE FUNCTION ledger_check_opening_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM credits_openingverdict v WHERE v.opening_id = NEW.opening_id) THEN
        RAISE EXCEPTION 'this list is decided' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'opening_list_is_decided';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION ledger_stamp_lot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.recorded_at := clock_timestamp();
    IF NEW.derived_from_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM credits_lot o
        WHERE o.id = NEW.derived_from_id AND (o.holder_uuid <> NEW.holder_uuid OR o.unit <> NEW.unit)
    ) THEN
        RAISE EXCEPTION 'recognised credit stays with its holder and its unit' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'lot_derived_stays_with_holder';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION ledger_stamp_posting() RETURNS trigger LANGUAGE plpgsql AS $$
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
    IF NEW.reverses_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM credits_posting p JOIN ledger_irreversible() i ON i.event = p.event WHERE p.id = NEW.reverses_id
    ) THEN
        RAISE EXCEPTION 'what others rely on is not reversed' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'posting_irreversible';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION ledger_move_balances() RETURNS trigger LANGUAGE plpgsql
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
        SELECT a.lot_id, a.account_id, k.kind IN ('converted_in', 'imported', 'issued', 'opening') AS is_source, sum(a.amount) AS amount
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

CREATE OR REPLACE FUNCTION ledger_check_posting() RETURNS trigger LANGUAGE plpgsql
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
    IF NEW.event IN ('minted', 'recognised', 'imported', 'opened') AND EXISTS (
        SELECT 1 FROM credits_postingline l JOIN credits_account k ON k.id = l.account_id
        JOIN credits_balance b ON b.lot_id = l.lot_id AND b.account_id = l.account_id
        JOIN credits_lot t ON t.id = l.lot_id
        WHERE l.posting_id = NEW.id AND k.kind IN ('converted_in', 'imported', 'issued', 'opening') AND -b.amount > t.amount
    ) THEN
        RAISE EXCEPTION 'more of a lot would be here than it holds' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'lot_enters_once';
    END IF;
    IF NEW.event IN ('redeemed', 'expired', 'exported', 'returned', 'imported', 'opened') AND EXISTS (
        SELECT 1 FROM credits_postingline l
        JOIN credits_account k ON k.id = l.account_id JOIN credits_lot t ON t.id = l.lot_id
        WHERE l.posting_id = NEW.id AND NOT ledger_has_its_ground(NEW.event, NEW.source_uuid, l.amount, k.kind, k.owner, t)
    ) THEN
        RAISE EXCEPTION 'posting % rests on nothing that allows %', NEW.uuid, NEW.event
            USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_has_its_ground';
    END IF;
    RETURN NULL;
END $$;

-- The same table as credits/ledger/rules.py MOVES; a test compares the two.
CREATE OR REPLACE FUNCTION ledger_allowed_moves() RETURNS TABLE (event text, comes_in boolean, kind text)
LANGUAGE sql IMMUTABLE AS $$
    VALUES ('minted', false, 'issued'), ('minted', true, 'available'),
           ('reserved', false, 'available'), ('reserved', true, 'reserved'),
           ('released', false, 'reserved'), ('released', true, 'available'),
           ('recognised', false, 'available'), ('recognised', false, 'reserved'),
           ('recognised', false, 'converted_in'), ('recognised', true, 'converted_out'),
           ('recognised', true, 'unusable'), ('recognised', true, 'recognised'),
           ('redeemed', false, 'recognised'), ('redeemed', true, 'redeemed'),
           ('expired', false, 'available'), ('expired', true, 'expired'),
           ('exported', false, 'available'), ('exported', true, 'exported'),
           ('returned', false, 'exported'), ('returned', true, 'available'),
           ('imported', false, 'imported'), ('imported', true, 'available'),
           ('opened', false, 'opening'), ('opened', true, 'recognised'), ('opened', true, 'available')
$$;

CREATE TRIGGER ledger_check BEFORE INSERT ON credits_openingverdict
    FOR EACH ROW EXECUTE FUNCTION ledger_check_verdict();
ALTER TABLE credits_openingverdict ENABLE ALWAYS TRIGGER ledger_check;
CREATE TRIGGER ledger_check BEFORE INSERT ON credits_openingrow
    FOR EACH ROW EXECUTE FUNCTION ledger_check_opening_row();
ALTER TABLE credits_openingrow ENABLE ALWAYS TRIGGER ledger_check;
"""

APPEND_ONLY_TRIGGER = """
CREATE TRIGGER ledger_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER ledger_guard;
REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM guixue_app;
"""

NUMBERS = "ALTER TABLE {table} ADD CONSTRAINT {name} CHECK (amount <> 'NaN'::numeric);"


class Migration(migrations.Migration):
    dependencies = [("credits", "0020_ledger_events")]

    operations = [
        migrations.RunSQL(FUNCTIONS),
        *[migrations.RunSQL(APPEND_ONLY_TRIGGER.format(table=table)) for table in APPEND_ONLY],
        migrations.RunSQL(NUMBERS.format(table="credits_lotexport", name="lot_export_is_number")),
        migrations.RunSQL(NUMBERS.format(table="credits_openingrow", name="opening_row_is_number")),
    ]
