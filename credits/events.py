"""What credits announces. Payloads hold strings (uuids, hashes, amounts) and no names of people."""

LOT_MINTED = "credits.lot.minted"  # {lot_uuid, result_uuid, run_uuid, person_uuid}
POSTING_REVERSED = "credits.posting.reversed"  # {posting_uuid, reversed_posting_uuid, lot_uuids, person_uuids}
LOT_IMPORTED = "credits.lot.imported"  # {lot_uuid, party_uuid, person_uuid}
LOT_EXPORTED = "credits.lot.exported"  # {export_uuid, lot_uuid, person_uuid}
LOT_RETURNED = "credits.lot.returned"  # {export_uuid, lot_uuid, person_uuid}
LOT_EXPIRED = "credits.lot.expired"  # {lot_uuid, person_uuid}
RECORD_EXPORTED = "credits.record.exported"  # {export_uuid, person_uuid}: a file was made of somebody's record
LOT_FLAGGED = "credits.lot.flagged"  # {flag_uuid, lot_uuid, host_uuid, home_uuid}: corrected after a degree used it
LOT_FLAG_ANSWERED = "credits.lot.flag_answered"  # {flag_uuid}
DEGREE_AWARDED = "credits.degree.awarded"  # {award_uuid, person_uuid}
OPENING_UPLOADED = "credits.opening.uploaded"  # all of these: {opening_uuid}
OPENING_CONFIRMED = "credits.opening.confirmed"
OPENING_DISCARDED = "credits.opening.discarded"
INCOMING_UPLOADED = "credits.incoming.uploaded"  # all of these: {file_uuid, person_uuid}
INCOMING_PROPOSED = "credits.incoming.proposed"
INCOMING_TAKEN_OVER = "credits.incoming.taken_over"
INCOMING_PUT_ASIDE = "credits.incoming.put_aside"
PARTY_REGISTERED = "credits.party.registered"  # {party_uuid}
PARTY_KEY_REGISTERED = "credits.party.key_registered"  # {party_uuid}
LEDGER_RULE_SET = "credits.ledger_rule.set"  # {rule_uuid, kind}
TERM_SEALED = "credits.term.sealed"  # {seal_uuid, term_code}

AGREEMENT_DRAFTED = "credits.agreement.drafted"  # all of these: {agreement_version_uuid, content_hash}
AGREEMENT_EDITED = "credits.agreement.edited"
AGREEMENT_PROPOSED = "credits.agreement.proposed"
AGREEMENT_RETURNED = "credits.agreement.returned"
AGREEMENT_APPROVED_BY_ONE = "credits.agreement.approved_by_one"
AGREEMENT_IN_FORCE = "credits.agreement.in_force"
AGREEMENT_ENDED = "credits.agreement.ended"

EQUIVALENCE_DRAFTED = "credits.equivalence.drafted"  # all of these: {equivalence_uuid, content_hash}
EQUIVALENCE_APPROVED = "credits.equivalence.approved"
EQUIVALENCE_RETIRED = "credits.equivalence.retired"
EQUIVALENCE_DISCARDED = "credits.equivalence.discarded"

PLAN_DRAFTED = "credits.plan.drafted"  # {plan_uuid, content_hash}
PLAN_MOVED = "credits.plan.moved"  # {plan_uuid, source, target, content_hash}

CASE_MOVED = "credits.recognition_case.moved"  # {case_uuid, source, target}; source "" when the case begins
RECOGNITION_POSTED = "credits.recognition.posted"  # {recognition_uuid, lot_uuid, person_uuid}

# In these lot_uuid is "" for a transcript.
SIGNING_KEY_MADE = "credits.signing_key.made"  # {key_id, institution_uuid, replaced_key_id}; "" for the first key
CERTIFICATE_REQUESTED = "credits.certificate.requested"  # all of these: {certificate_uuid, lot_uuid, person_uuid}
CERTIFICATE_ISSUED = "credits.certificate.issued"  # its paper is drawn, its address answers
CERTIFICATE_REVOKED = "credits.certificate.revoked"
CERTIFICATE_SUSPENDED = "credits.certificate.suspended"
CERTIFICATE_RESTORED = "credits.certificate.restored"
CERTIFICATE_WITHOUT_WITNESSES = "credits.certificate.without_witnesses"  # it went out after a day of waiting for them
CERTIFICATE_COMPLETED = "credits.certificate.completed"  # a paper with their cosignatures followed
CERTIFICATE_SUPERSEDED = "credits.certificate.superseded"  # also {successor_uuid}
