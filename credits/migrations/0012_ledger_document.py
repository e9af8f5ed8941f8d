"""What the log commits to of a posting, as a function: a function keeps its plan, and the rows are one round trip.

Amounts have two places, moments are RFC 3339 in UTC with milliseconds, as in all canonical documents.
"""

from django.db import migrations

MAKE = """
CREATE FUNCTION ledger_moment(moment timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT to_char(date_trunc('milliseconds', moment AT TIME ZONE 'UTC'), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

CREATE FUNCTION ledger_document(
    wanted bigint, OUT posting_uuid uuid, OUT holders uuid[], OUT document text
) LANGUAGE plpgsql STABLE AS $$
BEGIN
    SELECT p.uuid, array_agg(DISTINCT t.holder_uuid), jsonb_build_object(
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
    )::text INTO posting_uuid, holders, document
    FROM credits_posting p
    JOIN credits_postingline l ON l.posting_id = p.id
    JOIN credits_account k ON k.id = l.account_id
    JOIN credits_lot t ON t.id = l.lot_id
    WHERE p.id = wanted
    GROUP BY p.id;
END $$;

CREATE FUNCTION log_salt(owner uuid) RETURNS bytea LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT salt FROM credits_ownersalt WHERE owner_uuid = owner);
END $$;
"""

UNDO = """
DROP FUNCTION log_salt(uuid);
DROP FUNCTION ledger_document(bigint);
DROP FUNCTION ledger_moment(timestamptz);
"""


class Migration(migrations.Migration):
    dependencies = [("credits", "0011_log_guards")]
    operations = [migrations.RunSQL(MAKE, UNDO)]
