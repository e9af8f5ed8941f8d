"""Somebody else checks the log: files alone, over HTTP, with openings; and what they find."""

import json
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from credits.log import folder, keys, merkle, notes, sequencer, tiles, verify_log
from credits.log.checkpoints import Checkpoint
from tests.factories.ledger import minted_lot
from tests.factories.log import longer_checkpoint, sequenced


def verified(capsys: pytest.CaptureFixture[str], place: Path | str, *more: str) -> tuple[int, dict[str, object]]:
    arguments = [str(place), "--json", *more]
    for key in keys.public_keys():
        arguments += ["--key", key.text]
    status = verify_log.main(arguments)
    out = capsys.readouterr().out
    return status, json.loads(out) if out else {}


def codes(answer: dict[str, object]) -> set[tuple[str, str]]:
    return {(finding["code"], finding["place"]) for finding in answer["findings"]}  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", [1, 255, 256, 257, 600])
def test_a_good_log_is_good(log_dir: Path, capsys: pytest.CaptureFixture[str], size: int) -> None:
    sequenced(size)
    status, answer = verified(capsys, log_dir)
    assert (status, answer["size"], answer["findings"]) == (0, size, [])


def test_an_edited_entry_is_found_and_where(log_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sequenced(300)
    bundle = log_dir / "tile/entries/000"
    bundle.write_bytes(bundle.read_bytes().replace(b"posting", b"pisting", 1))
    status, answer = verified(capsys, log_dir)
    assert status == 1
    assert {code for code, _place in codes(answer)} == {"tile-differs", "root-differs"}
    assert ("tile-differs", "tile/0/000") in codes(answer)


def test_an_edited_tile_is_found_and_where(log_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sequenced(300)
    tile = log_dir / "tile/1/000.p/1"
    tile.write_bytes(b"\x01" * 32)
    status, answer = verified(capsys, log_dir)
    assert (status, codes(answer)) == (1, {("tile-differs", "tile/1/000.p/1")})


def test_a_missing_file_is_found(log_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sequenced(300)
    (log_dir / "tile/entries/000").unlink()
    status, answer = verified(capsys, log_dir)
    assert (status, codes(answer)) == (1, {("file-missing", "tile/entries/000")})


def test_a_log_that_shrank_or_forked_since_the_last_check_is_found(
    log_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sequenced(3)
    state = tmp_path / "seen"
    shutil.copytree(log_dir, tmp_path / "old")
    sequenced(3)
    assert verified(capsys, log_dir, "--state", str(state))[0] == 0
    status, answer = verified(capsys, tmp_path / "old", "--state", str(state))
    assert (status, codes(answer)) == (1, {("not-a-continuation", "size 6 to 3")})
    forked = tmp_path / "forked"
    entries = [b"another %d" % number for number in range(8)]
    growth = tiles.grow(0, entries, folder.read)
    _write(forked, growth.files, longer_checkpoint(8, growth.root))
    status, answer = verified(capsys, forked, "--state", str(state))
    assert (status, codes(answer)) == (1, {("not-a-continuation", "size 6 to 8")})
    assert b"\n6\n" in state.read_bytes()


def _write(target: Path, files: tuple[tuple[str, bytes], ...], checkpoint: Checkpoint) -> None:
    for path, data in (*files, ("checkpoint", checkpoint.note.whole.encode())):
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(data)


def test_a_strangers_signature_and_a_missing_quorum_are_found(
    log_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sequenced(1)
    status, answer = verified(capsys, log_dir, "--quorum", "1")
    assert (status, codes(answer)) == (1, {("quorum-not-met", "checkpoint")})
    file = log_dir / "checkpoint"
    file.write_bytes(file.read_bytes().replace(b"\n1\n", b"\n2\n"))
    assert {code for code, _place in codes(verified(capsys, log_dir)[1])} >= {"signature-wrong"}


def test_an_auditor_sees_which_posting_differs_from_what_was_logged(
    log_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _lot in range(3):
        minted_lot()
    sequencer.sequence()
    file = tmp_path / "openings.jsonl"
    call_command("export_openings", file)
    capsys.readouterr()
    assert verified(capsys, log_dir, "--openings", str(file))[0] == 0
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["index"] for line in lines] == [0, 1, 2]
    lines[1]["document"]["lines"][0]["amount"] = "-9.00"
    lines[2]["index"] = 7
    file.write_text("\n".join(json.dumps(line) for line in lines))
    capsys.readouterr()
    status, answer = verified(capsys, log_dir, "--openings", str(file))
    assert (status, codes(answer)) == (1, {("document-differs", "index 1"), ("not-in-the-log", "index 7")})
    details = {finding["detail"] for finding in answer["findings"]}  # type: ignore[attr-defined]
    assert f"posting {lines[1]['uuid']}" in details


def test_what_is_no_log_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = notes.PublicKey("x", notes.ED25519, bytes([7]) * 32)
    assert verify_log.main([str(tmp_path), "--key", key.text]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_the_files_are_served_with_the_right_care_for_caches(log_dir: Path, client: Client) -> None:
    sequenced(300)
    found = client.get("/log/checkpoint")
    assert found.content == (log_dir / "checkpoint").read_bytes()
    assert found.headers["Cache-Control"] == "no-cache"
    full = client.get("/log/tile/0/000")
    assert full.content == (log_dir / "tile/0/000").read_bytes()
    assert "immutable" in full.headers["Cache-Control"]
    assert client.get("/log/tile/entries/001.p/44").headers["Cache-Control"] == "no-cache"
    assert b"quorum none" in client.get("/log/policy").content
    for path in ("/log/tile/0/../../.signed", "/log/tile/0/009", "/log/.signed", "/log/tile/entries/x001"):
        assert client.get(path).status_code == 404
    assert (
        merkle.root_of([full.content[n : n + 32] for n in range(0, 8192, 32)])
        == client.get("/log/tile/1/000.p/1").content
    )
