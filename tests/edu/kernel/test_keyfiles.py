"""Secret files: written once, for their owner alone, and not used when others may read them."""

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edu.kernel import keyfiles


def test_a_key_comes_back_from_its_file(tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    file = tmp_path / "keys" / "one.pem"
    keyfiles.write(file, keyfiles.pem(key))
    loaded = keyfiles.load(file)
    assert isinstance(loaded, Ed25519PrivateKey)
    assert loaded.private_bytes_raw() == key.private_bytes_raw()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_secret_is_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    keyfiles.write(file, b"first")
    with pytest.raises(FileExistsError):
        keyfiles.write(file, b"second")
    assert keyfiles.read(file) == b"first"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620])
def test_a_file_that_others_may_open_is_not_used(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "secret"
    keyfiles.write(file, b"secret")
    file.chmod(mode)
    with pytest.raises(keyfiles.Unusable) as unusable:
        keyfiles.read(file)
    assert unusable.value.code == "open-to-others"


def test_a_missing_file_and_one_that_is_no_key_are_told_alike(tmp_path: Path) -> None:
    keyfiles.write(tmp_path / "note.pem", b"no key")
    for name in ("note.pem", "nothing.pem"):
        with pytest.raises(keyfiles.Unusable) as unusable:
            keyfiles.load(tmp_path / name)
        assert unusable.value.code == "missing"
