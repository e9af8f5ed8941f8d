"""The door of credits: what other apps may call. Values are in `data.py`, event names in `events.py`."""

from credits.agreements.actions import (
    approve_agreement,
    draft_agreement,
    edit_agreement,
    end_agreement,
    propose_agreement,
    return_agreement,
)
from credits.agreements.equivalence_actions import (
    approve_equivalence,
    discard_equivalence,
    draft_equivalence,
    retire_equivalence,
)
from credits.agreements.rules import AgreementTerms, Cap, CapScope, EquivalenceKind, EquivalenceTerms, LegalSource
from credits.certificates.actions import (
    issue_certificate,
    make_signing_key,
    reissue_certificate,
    revoke_certificate,
)
from credits.certificates.drawing import draw as draw_certificate
from credits.certificates.drawing import draw_waiting as draw_waiting_certificates
from credits.certificates.queries import certificate, certificate_of_lot, certificates_of
from credits.exchange.actions import (
    accept_plan,
    approve_plan,
    deny_plan,
    draft_plan,
    return_plan,
    rewrite_plan,
    sign_plan,
    withdraw_plan,
)
from credits.exchange.queries import preview
from credits.exchange.rules import Preview, Reason
from credits.ledger.actions import mint, post, recognise, release, reserve, reverse
from credits.ledger.dated_rules import set_rule as set_ledger_rule
from credits.ledger.figures import credit_certified_by_institution, credit_recognised_by_institution
from credits.ledger.queries import balances_of, history_of, lot, lots_of
from credits.log.erasures import erase_salt
from credits.log.keys import make as make_log_keys
from credits.log.sequencer import sequence as sequence_log
from credits.recognition.actions import decide_case, recognise_by_plan
from credits.recognition.application_actions import (
    add_evidence,
    draft_application,
    edit_application,
    remove_evidence,
    submit_application,
    withdraw_case,
)
from credits.recognition.figures import cases_waiting, plans_waiting
from credits.seals.actions import seal_due as seal_due_terms

__all__ = [
    "AgreementTerms",
    "Cap",
    "CapScope",
    "EquivalenceKind",
    "EquivalenceTerms",
    "LegalSource",
    "Preview",
    "Reason",
    "accept_plan",
    "add_evidence",
    "approve_agreement",
    "approve_equivalence",
    "approve_plan",
    "balances_of",
    "cases_waiting",
    "certificate",
    "certificate_of_lot",
    "certificates_of",
    "credit_certified_by_institution",
    "credit_recognised_by_institution",
    "decide_case",
    "deny_plan",
    "discard_equivalence",
    "draft_agreement",
    "draft_application",
    "draft_equivalence",
    "draft_plan",
    "draw_certificate",
    "draw_waiting_certificates",
    "edit_agreement",
    "edit_application",
    "end_agreement",
    "erase_salt",
    "history_of",
    "issue_certificate",
    "lot",
    "lots_of",
    "make_log_keys",
    "make_signing_key",
    "mint",
    "plans_waiting",
    "post",
    "preview",
    "propose_agreement",
    "recognise",
    "recognise_by_plan",
    "reissue_certificate",
    "release",
    "remove_evidence",
    "reserve",
    "retire_equivalence",
    "return_agreement",
    "return_plan",
    "reverse",
    "revoke_certificate",
    "rewrite_plan",
    "seal_due_terms",
    "sequence_log",
    "set_ledger_rule",
    "sign_plan",
    "submit_application",
    "withdraw_case",
    "withdraw_plan",
]
