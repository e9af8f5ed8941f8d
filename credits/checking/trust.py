"""The trust list (docs/formats.md §4): what an offline checker carries, signed by the log."""

import base64
import datetime as dt
import json
from collections import defaultdict
from typing import Any

from django.conf import settings
from django.core.cache import cache

from credits.certificates import printed, status_list
from credits.certificates.models import Certificate, SigningKey, StatusIndex
from credits.certificates.states import CertificateStatus
from credits.log import keys as log_keys
from credits.log import notes, policy
from credits.log import queries as log
from credits.log.models import LogEntry, LogKey
from edu.institutions import api as institutions_api
from edu.kernel import clock
from edu.kernel.canonical import canonical_bytes

TYPE, VERSION = "guixue.trust-list", "1"
CACHE_KEY = "trust-list"
FRESH_S = 300  # a revocation reaches checkers who are online after five minutes
ALGORITHMS = {"ed25519": "Ed25519", "ml-dsa-44": "ML-DSA-44"}
ENDED = {
    CertificateStatus.REVOKED: "revoked",
    CertificateStatus.SUPERSEDED: "superseded",
    CertificateStatus.SUSPENDED: "suspended",  # a restored one leaves the list again
}


def signed_list() -> bytes:
    """Return the signed list as it is served, at most FRESH_S old; Refusal when the log has no key to sign with."""
    kept = cache.get(CACHE_KEY)
    if isinstance(kept, bytes):
        return kept
    made = sign(build())
    cache.set(CACHE_KEY, made, FRESH_S)
    return made


def sign(listed: dict[str, Any]) -> bytes:
    """Return a list with the log's signature beside it."""
    signature = base64.b64encode(log_keys.sign_document(canonical_bytes(listed))).decode("ascii")
    return json.dumps({"list": listed, "signature": signature}, ensure_ascii=False, separators=(",", ":")).encode()


def build() -> dict[str, Any]:
    """Return the list of this moment."""
    now = clock.rfc3339(clock.now())
    current = log.policy()
    return {
        "type": TYPE,
        "version": VERSION,
        "made_at": now,
        "check_page": f"{str(settings.GUIXUE_BASE_URL).rstrip('/')}/check/offline/",
        "log": {"origin": log_keys.origin(), "keys": [_log_key(row) for row in LogKey.objects.order_by("pk")]},
        "witnesses": _witnesses(current),
        "quorum": str(current.quorum),
        "issuers": _issuers(),
        "names": [{"number": str(number), **block} for number, block in printed.book().items()],
        "status_lists": _status_lists(now),
        "ended": {"as_of": now, "entries": _ended()},
    }


def _log_key(row: LogKey) -> dict[str, str]:
    key = notes.parse_key(row.public_key)
    return {
        "name": key.name,
        "algorithm": ALGORITHMS[row.algorithm],
        "public_key": base64.b64encode(key.material).decode("ascii"),
        "from_at": clock.rfc3339(row.from_at),
        "to_at": _end(row.to_at),
    }


def _witnesses(current: policy.Policy) -> list[dict[str, str]]:
    """Return the witnesses whose cosignatures codes on paper carry: Ed25519 alone."""
    return [
        {"name": key.name, "public_key": base64.b64encode(key.material).decode("ascii")}
        for key in current.witnesses
        if key.algorithm == notes.COSIGNATURE
    ]


def _issuers() -> list[dict[str, Any]]:
    rows = SigningKey.objects.select_related("institution").filter(purpose="certificate").order_by("from_at", "pk")
    kept: dict[Any, list[SigningKey]] = defaultdict(list)
    for row in rows:
        kept[row.institution.uuid].append(row)
    infos = institutions_api.institutions(kept)
    return [
        {
            "code": infos[uuid].code or "",
            "name_zh": infos[uuid].name_zh,
            "name_en": infos[uuid].name_en,
            "keys": [
                {
                    "key_id": row.key_id,
                    "public_key": row.public_key,
                    "from_at": clock.rfc3339(row.from_at),
                    "to_at": _end(row.to_at),
                }
                for row in own
            ],
        }
        for uuid, own in kept.items()
    ]


def _status_lists(now: str) -> list[dict[str, str]]:
    """Return every issuer's status lists as they stand now, for checkers of the credentials' own form."""
    own = StatusIndex.objects.order_by("issuer_id", "list_number").distinct("issuer_id", "list_number")
    places = own.values_list("issuer__uuid", "list_number")
    infos = institutions_api.institutions({uuid for uuid, _number in places})
    return [
        {
            "address": status_list.address(infos[uuid].code or "", number, purpose),
            "list": status_list.encode(status_list.bits(uuid, number, purpose))[1:],  # without the multibase letter
            "valid_from": now,
        }
        for uuid, number in places
        for purpose in status_list.PURPOSES
    ]


def _ended() -> list[dict[str, str]]:
    """Return the entries of certificates that are not in force now; an entry's place names nobody."""
    statuses = dict(Certificate.objects.filter(status__in=list(ENDED)).values_list("uuid", "status"))
    rows = LogEntry.objects.filter(kind="certificate", subject_uuid__in=statuses, index__isnull=False)
    found = rows.order_by("index").values_list("index", "subject_uuid")
    return [{"entry": str(index), "status": ENDED[CertificateStatus(statuses[uuid])]} for index, uuid in found if uuid]


def _end(moment: dt.datetime | None) -> str:
    return clock.rfc3339(moment) if moment else ""
