"""What the tables of sealed terms refuse, and how a correction that comes after a seal names the sealed root.

Rows are only added. Which reversal came after which seal is decided here, by the owner's trigger on postings, so that
no way into the ledger passes it by; and the document that the log commits to of such a posting says the roots.
"""

from django.db import migrations

APPEND_ONLY = ("credits_termseal", "credits_termsealwindow", "credits_sealedperson", "credits_latecorrection")

FUNCTIONS = """
-- The day that decides to which term a lot belongs: when its course ended, or when it was entered, as ISO text.
CREATE FUNCTION seal_day(lot credits_lot) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(lot.facts->>'ends_on', ''), to_char(lot.minted_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD'))
$$;

-- A seal is made under this lock alone, a reversal waits for it: so none of them falls between reading and sealing.
CREATE FUNCTION seal_refer() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(20261128);
    INSERT INTO credits_latecorrection (posting_id, seal_id)
        SELECT NEW.id, s.id
        FROM credits_termseal s
        JOIN credits_posting p ON p.id = NEW.reverses_id
        JOIN credits_logentry e ON e.kind = 'posting' AND e.subject_uuid = p.uuid AND e.index < s.log_size
        WHERE EXISTS (
            SELECT 1 FROM credits_postingline l
            JOIN credits_lot t ON t.id = l.lot_id
            JOIN credits_lot o ON o.id = coalesce(t.derived_from_id, t.id)
            LEFT JOIN credits_termsealwindow w ON w.seal_id = s.id AND w.institution_uuid = o.issuer_uuid
            WHERE l.posting_id = p.id
                AND seal_day(o) <= to_char(coalesce(w.ends_on, s.ends_on), 'YYYY-MM-DD'))
        ORDER BY s.id;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION seal_refer() FROM PUBLIC;

CREATE TRIGGER seal_refers AFTER INSERT ON credits_posting
    FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL) EXECUTE FUNCTION seal_refer();
ALTER TABLE credits_posting ENABLE ALWAYS TRIGGER seal_refers;

-- As in 0012, and the roots of the seals that a correction comes after.
CREATE OR REPLACE FUNCTION ledger_document(
    wanted bigint, OUT posting_uuid uuid, OUT holders uuid[], OUT document text
) LANGUAGE plpgsql STABLE AS $$
BEGIN
    SELECT p.uuid, array_agg(DISTINCT t.holder_uuid), (jsonb_build_object(
        'type', 'guixue.posting', 'version', '1', 'uuid', p.uuid, 'event', p.event,
        'idempotency_key', p.idempotency_key,
        'event_at', ledger_moment(p.event_at), 'recorded_at', ledger_moment(p.recorded_at),
        'reverses', coalesce((SELECT r.uuid::text FROM credits_posting r WHERE r.id = p.reverses_id), ''),
        'source', jsonb_build_object('kind', p.source_kind, 'uuid', p.source_uuid),
        'actor', jsonb_build_object('person', coalesce(p.actor_person_uuid::text, ''),
            'institution', coalesce(p.actor_institution_uuid::text, ''), 'role', p.actor_role),
        'lines', jsonb_agg(
            jsonb_build_object('account', k.kind, 'owner', k.owner, 'lot', t.uuid, 'amount', l.amount::text)
            ORDER BY t.uuid, l.amount, k.kind, k.owner),
        'lots', jsonb_object_agg(t.uuid, jsonb_build_object(
            'issuer', t.issuer_uuid, 'activity', t.activity_uuid, 'holder', t.holder_uuid,
            'student_record', coalesce(t.student_record_uuid::text, ''), 'attempt', t.attempt::text,
            'unit', t.unit, 'amount', t.amount::text, 'rule_hash', t.rule_hash,
            'derived_from', coalesce((SELECT d.uuid::text FROM credits_lot d WHERE d.id = t.derived_from_id), ''),
            'source', jsonb_build_object('kind', t.source_kind, 'uuid', t.source_uuid),
            'facts', t.facts, 'minted_at', ledger_moment(t.minted_at)))
    ) || CASE WHEN p.reverses_id IS NULL THEN '{}'::jsonb ELSE coalesce((
        SELECT jsonb_build_object('sealed_roots', jsonb_agg(encode(s.root, 'hex') ORDER BY s.id))
        FROM credits_latecorrection c JOIN credits_termseal s ON s.id = c.seal_id
        WHERE c.posting_id = p.id HAVING count(*) > 0), '{}'::jsonb) END
    )::text INTO posting_uuid, holders, document
    FROM credits_posting p
    JOIN credits_postingline l ON l.posting_id = p.id
    JOIN credits_account k ON k.id = l.account_id
    JOIN credits_lot t ON t.id = l.lot_id
    WHERE p.id = wanted
    GROUP BY p.id;
END $$;
"""

GUARDS = "".join(
    f"""
CREATE TRIGGER seal_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER seal_guard;
REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM guixue_app;
"""
    for table in APPEND_ONLY
)


class Migration(migrations.Migration):
    dependencies = [("credits", "0075_term_seals")]
    operations = [
        migrations.RunSQL(FUNCTIONS),
        migrations.RunSQL(GUARDS),
        migrations.RunSQL("REVOKE INSERT ON credits_latecorrection FROM guixue_app;"),
    ]
