"""Keys of textbooks: one signs at a time, the file is the service's alone, a key of before is taken over."""

import io
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from courses.catalogue.models import Course
from courses.textbooks import keys
from courses.textbooks.models import TextbookKey
from edu.kernel.actor import Actor
from edu.kernel.errors import NotPermitted, Refusal
from tests.factories.courses import make_course

pytestmark = pytest.mark.django_db


def test_the_first_pack_makes_the_key_and_the_next_one_uses_it(course: Course) -> None:
    first, second = keys.signer(course.institution.uuid), keys.signer(course.institution.uuid)
    assert first.row == second.row
    assert keys.signer(make_course().institution.uuid).row != first.row
    assert keys.path_of(first.row.key_id).stat().st_mode & 0o077 == 0
    assert first.row.key_id.startswith(f"{course.institution.code or 'school'}-textbook-")


def test_a_key_file_of_before_keys_had_rows_is_taken_over(course: Course) -> None:
    made = keys.signer(course.institution.uuid).row
    before = Path(settings.KEYS_DIR) / f"textbook-{course.institution.uuid}.pem"
    keys.path_of(made.key_id).rename(before)
    other = make_course()
    before.rename(Path(settings.KEYS_DIR) / f"textbook-{other.institution.uuid}.pem")
    taken = keys.signer(other.institution.uuid).row
    assert (taken.key_id, taken.public_key) == (f"textbook-{other.institution.uuid}", made.public_key)


def test_a_file_that_is_gone_open_or_anothers_signs_nothing(course: Course) -> None:
    row = keys.signer(course.institution.uuid).row
    file = keys.path_of(row.key_id)
    whole = file.read_bytes()
    other = keys.path_of(keys.signer(make_course().institution.uuid).row.key_id).read_bytes()
    for code, data, mode in (
        ("textbook-key-open-to-others", whole, 0o644),
        ("textbook-key-differs", other, 0o600),
        ("textbook-key-missing", b"no key", 0o600),
    ):
        file.write_bytes(data)
        file.chmod(mode)
        with pytest.raises(Refusal) as refused:
            keys.signer(course.institution.uuid)
        assert refused.value.code == code
    assert TextbookKey.objects.filter(institution=course.institution).count() == 1


def test_the_command_makes_the_next_key_and_closes_the_last(course: Course) -> None:
    code = course.institution.code
    assert code
    first = keys.signer(course.institution.uuid).row
    said = io.StringIO()
    call_command("make_textbook_key", code, stdout=said)
    now, before = keys.keys_of(course.institution.uuid)
    assert now.key_id in said.getvalue()
    assert now.public_key in said.getvalue()
    assert (before.key_id, before.to_at is None) == (first.key_id, False)
    assert keys.signer(course.institution.uuid).row == now
    with pytest.raises(CommandError, match="0000000000"):
        call_command("make_textbook_key", "0000000000")


def test_only_the_operator_changes_keys(course: Course, author: Actor) -> None:
    with pytest.raises(NotPermitted):
        keys.rotate(institution_uuid=course.institution.uuid, acting=author)
    assert not TextbookKey.objects.exists()
    assert not Path(settings.KEYS_DIR).exists() or not list(Path(settings.KEYS_DIR).iterdir())
