"""Authors' Python in problems runs in a sandbox elsewhere (codejail service, API v0), never in this process.

CAPA calls `run` for each script and each grading function (`CODE_JAIL_REST_SERVICE_REMOTE_EXEC`). What leaves is the
code, its variables, the learner's answer and pseudonym in the run; what comes back is JSON from a stranger's program.
"""

import json
import logging
from functools import lru_cache
from typing import Any
from uuid import UUID

import requests
from codejail.safe_exec import SafeExecException, json_safe
from django.conf import settings
from django.utils.translation import gettext
from urllib3.exceptions import HTTPError

from courses.content import sandbox
from courses.content.queries import assets
from courses.content.storage import open_asset

log = logging.getLogger(__name__)

PATH = "/api/v0/code-exec"
CONNECT_S, ANSWER_S = 1.0, 10.0  # codejail ends a script after seconds of its own; a learner waits meanwhile
ANSWER_BYTES_MAX = 1024 * 1024
LIBRARY = "static/python_lib.zip"  # what scripts of a course may import
LIBRARY_BYTES_MAX = 2 * 1024 * 1024
VERSIONS_MAX = 64
NOT_SENT = {"extra_files", "script_code"}  # they travel beside the variables, or in the code
SENT = ("code", "python_path", "limit_overrides_context", "slug")


class NoSandbox(Exception):
    """The script was not run: there is no sandbox, or it did not answer as it should. Nothing was graded.

    CAPA shows its text to the learner who submitted.
    """

    def __init__(self) -> None:
        super().__init__(gettext("The script of this problem cannot run now. Nothing was counted; try again later."))


def run(data: dict[str, Any]) -> tuple[str | None, Exception | None]:
    """Run a script and put its variables into `data["globals_dict"]`; the script's own error, twice, or None.

    NoSandbox when it was not run.
    """
    known = {name: value for name, value in data["globals_dict"].items() if name not in NOT_SENT}
    answer = _ask({**{name: data[name] for name in SENT}, "globals_dict": json_safe(known)}, data["extra_files"])
    if message := answer.get("emsg"):
        return str(message), SafeExecException(str(message))
    found = answer.get("globals_dict")
    if not isinstance(found, dict):
        log.warning("the sandbox for scripts answered without variables")
        raise NoSandbox
    data["globals_dict"].update(found)
    return None, None


def _ask(payload: dict[str, Any], files: list[tuple[str, bytes]] | None) -> dict[str, Any]:
    if not sandbox.is_there():
        raise NoSandbox
    try:
        with requests.post(
            settings.GUIXUE_SANDBOX_URL.rstrip("/") + PATH,
            data={"payload": json.dumps(payload)},
            files=files or None,
            timeout=(CONNECT_S, ANSWER_S),
            allow_redirects=False,
            stream=True,
        ) as response:
            body = response.raw.read(ANSWER_BYTES_MAX + 1, decode_content=True)
            status = response.status_code
        answer = json.loads(body) if status == requests.codes.ok and len(body) <= ANSWER_BYTES_MAX else None
    except (OSError, ValueError, HTTPError) as error:  # requests' errors are OSErrors; urllib3's are not
        log.warning("the sandbox for scripts failed: %s", type(error).__name__)
        raise NoSandbox from error
    if not isinstance(answer, dict):
        log.warning("the sandbox for scripts answered with status %s and %s bytes", status, len(body))
        raise NoSandbox
    return answer


@lru_cache(maxsize=VERSIONS_MAX)
def library(version_id: int, version_uuid: UUID) -> bytes | None:
    """Return what scripts of a version may import, as its author packed it, or None; one query, kept."""
    found = assets(version_id, [LIBRARY]).get(LIBRARY)
    if found is None or found.size > LIBRARY_BYTES_MAX:
        return None
    with open_asset(found.sha256) as stream:
        return stream.read()
