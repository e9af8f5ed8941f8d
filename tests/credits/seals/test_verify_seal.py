"""The independent check from the command line: what it says, and with which exit status."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from credits.log.models import LogKey
from credits.seals import proving
from credits.seals.proofs import FILE_BYTES_MAX
from credits.seals.verify_seal import GOOD, UNREADABLE, WRONG, main
from tests.factories.seals import earned, make_sealing_house, recognised, seal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("log_dir")]


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    house = make_sealing_house()
    lot = earned(house)
    earned(house)
    recognised(house, lot)
    sealed = proving.sealed_of(seal(), house.student.uuid)
    return written(tmp_path, proving.proof_of_lot(sealed, lot.uuid))


def written(folder: Path, document: Any) -> Path:
    path = folder / "proof.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document, ensure_ascii=False), "utf-8")
    return path


def changed(proof: Path, **fields: Any) -> Path:
    return written(proof.parent, json.loads(proof.read_text("utf-8")) | fields)


def test_it_says_what_is_proved(proof: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(proof)]) == GOOD
    said = capsys.readouterr().out
    assert "GOOD" in said
    assert "recognised once, and nowhere else" in said
    assert "total entered: 4.00" in said
    assert "the lots are not all shown, the total is" in said


def test_it_runs_alone_without_the_product(proof: Path) -> None:
    program = (
        "import sys; from credits.seals.verify_seal import main; status = main(sys.argv[1:]);"
        " assert not [name for name in sys.modules if name.split('.')[0] in ('django', 'celery', 'psycopg')];"
        " sys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(proof)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (GOOD, "")
    assert "recognised once, and nowhere else" in done.stdout


def test_who_signed_is_asked_with_a_key(proof: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = list(LogKey.objects.values_list("public_key", flat=True))
    assert main([str(proof), *(part for key in own for part in ("--key", key))]) == GOOD
    assert "log: signed by" in capsys.readouterr().out
    assert main([str(proof), "--key", own[0], "--quorum", "1"]) == WRONG
    assert main([str(proof), "--key", own[0], "--origin", "another.example/log"]) == WRONG


def test_a_wrong_proof_ends_with_one(proof: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(proof.read_text("utf-8"))
    document["leaves"][0]["document"]["recognitions"] = []
    assert main([str(changed(proof, leaves=document["leaves"]))]) == WRONG
    assert "WRONG: " in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '{"a": 1, "a": 2}', '{"a": NaN}', "\x00", "[]", "3"])
def test_a_file_that_is_no_proof_is_refused(tmp_path: Path, text: str) -> None:
    assert main([str(written(tmp_path, text))]) in {WRONG, UNREADABLE}


def test_a_huge_file_is_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "proof.json"
    with path.open("wb") as opened:
        opened.truncate(FILE_BYTES_MAX + 10)
    assert main([str(path)]) == UNREADABLE
    assert "proof-too-large" in capsys.readouterr().out


def test_a_missing_file_ends_with_two(tmp_path: Path) -> None:
    assert main([str(tmp_path / "nothing.json")]) == UNREADABLE
