"""Files beside answers in own words: taken by what is in them, read by few, gone when they should be."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks, Settings
from submissions.models import Submission

from courses.runtime import addresses, answerfiles, filekinds, grants
from courses.runtime.grants import Grant
from courses.runtime.models import AnswerFile, BlockState
from courses.runtime.views import open_unit
from edu.kernel.errors import Stale
from edu.people.api import erase_traces
from tests.courses.runtime.conftest import Classroom, MakeClassroom
from tests.courses.runtime.test_actions import post_json
from tests.courses.runtime.test_ora2 import (
    PEER,
    SELF,
    STAFF,
    USAGE,
    body_of,
    classmate,
    hand_in,
    judgement,
    take,
    task,
    teacher,
)
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
FILES = {
    "file_upload_type_raw": "pdf-and-image",
    "file_upload_response_raw": "optional",
    "text_response_raw": "optional",
}


@pytest.fixture(autouse=True)
def _own_storage(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def with_files(assessments: list[dict[str, Any]], **more: Any) -> Any:
    return task(assessments, **{**FILES, "allow_multiple_files": True, **more})


def host_of(room: Classroom) -> str:
    return addresses.origin(room.run.course.label).removeprefix("http://")


def send(
    room: Classroom, name: str = "作业.pdf", content: bytes = PDF, *, grant: Grant | None = None, **fields: Any
) -> Any:
    """Attach a file as the frame's script does; returns the answer."""
    path = addresses.frame_path("attach", grants.sign_handler(grant or room.grant(USAGE)))
    data = {"file": SimpleUploadedFile(name, content), "submission[]": ["写到一半"], **fields}
    return Client().post(path, data, headers={"host": host_of(room)})


def address_in(page: str, nth: int = 0) -> str:
    """The address of a file as a page shows it, or "" """
    parts = page.split('href="/u/')
    return "/u/" + parts[nth + 1].partition('"')[0] if len(parts) > nth + 1 else ""


def get(room: Classroom, address: str) -> Any:
    return Client().get(address, headers={"host": host_of(room)})


def stored() -> list[Path]:
    folder = Path(answerfiles.private_storage().path(answerfiles.FOLDER))
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_attached_seen_and_handed_in(classroom: MakeClassroom) -> None:
    room = classroom([with_files(SELF)])
    assert 'type="file"' in body_of(room)

    view = send(room, description="我画的图").json()["view"]

    assert "作业.pdf" in view
    assert "我画的图" in view
    assert "写到一半" in view  # what was written is kept as the draft
    assert address_in(body_of(room))
    answer = get(room, address_in(view))
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "pdf" not in address_in(view)  # addresses stand in logs, names need not
    assert answer["Cache-Control"] == "private, no-store"
    assert "sandbox" in answer["Content-Security-Policy"]
    hand_in(room)
    row = AnswerFile.objects.get()
    assert row.submission_uuid == str(Submission.objects.get().uuid)
    assert "作业.pdf" in body_of(room)
    assert Submission.objects.get().answer["files_names"] == ["作业.pdf"]


def test_a_file_is_taken_out_again(
    classroom: MakeClassroom, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    room = classroom([with_files(SELF)])
    send(room, "a.pdf")
    send(room, "b.png", PNG)

    with django_capture_on_commit_callbacks(execute=True):
        assert post_json(room.grant(USAGE), "detach_file", {"number": "0", "submission": ["x"]})["success"]

    assert [row.name for row in AnswerFile.objects.all()] == ["b.png"]
    assert len(stored()) == 1
    send(room, "c.pdf")
    hand_in(room)
    assert Submission.objects.get().answer["files_names"] == ["b.png", "c.pdf"]
    with pytest.raises(Stale):
        post_json(room.grant(USAGE), "detach_file", {"number": "1", "submission": ["x"]})
    assert AnswerFile.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("virus.exe", b"MZ\x90\0"),
        ("bild.pdf", b"MZ\x90\0"),
        ("bild.pdf", b"<html><script>alert(1)</script>"),
        ("bild.png", PDF),
        ("ohne", PDF),
        ("seite.html", b"<p>"),
        ("leer.pdf", b""),
        ("gross.pdf", PDF + b"\0" * answerfiles.FILE_BYTES_MAX),
    ],
)
def test_what_is_not_taken_leaves_nothing(classroom: MakeClassroom, name: str, content: bytes) -> None:
    room = classroom([with_files(SELF)])

    answer = send(room, name, content)

    assert answer.status_code == 422
    assert answer.json()["error"]
    assert not AnswerFile.objects.exists()
    assert stored() == []
    assert "写到一半" not in body_of(room)


def test_a_request_without_a_file_is_refused(classroom: MakeClassroom) -> None:
    room = classroom([with_files(SELF)])
    path = addresses.frame_path("attach", grants.sign_handler(room.grant(USAGE)))
    assert Client().post(path, {"description": "x"}, headers={"host": host_of(room)}).status_code == 422
    assert send(room, file="text").status_code == 422


@pytest.mark.parametrize(("many", "taken"), [(False, 1), (True, answerfiles.FILES_MAX)])
def test_there_are_as_many_files_as_the_task_takes(classroom: MakeClassroom, many: bool, taken: int) -> None:
    room = classroom([with_files(SELF, allow_multiple_files=many)])

    codes = [send(room).status_code for _one in range(taken + 1)]

    assert codes == [200] * taken + [422]
    assert AnswerFile.objects.count() == taken


def test_a_task_that_needs_a_file_asks_for_it(classroom: MakeClassroom) -> None:
    room = classroom([with_files(SELF, file_upload_response_raw="required", text_response_raw=None)])
    assert "textarea" not in body_of(room)
    path = addresses.frame_path("handler", grants.sign_handler(room.grant(USAGE)), "submit")

    def submit() -> Any:
        said = Client().post(path, {"submission": [""]}, "application/json", headers={"host": host_of(room)})
        return said.status_code, said.json()

    assert submit()[0] == 422
    assert not Submission.objects.exists()
    send(room)
    assert submit()[1][0] is True


def test_words_that_are_asked_for_are_asked_for_beside_a_file(classroom: MakeClassroom) -> None:
    room = classroom([with_files(SELF, text_response_raw="required")])
    send(room)
    path = addresses.frame_path("handler", grants.sign_handler(room.grant(USAGE)), "submit")
    said = Client().post(path, {"submission": [" "]}, "application/json", headers={"host": host_of(room)})
    assert said.status_code == 422
    assert not Submission.objects.exists()


def test_each_task_of_a_unit_has_its_own_files(classroom: MakeClassroom) -> None:
    second = ("openassessment@p", with_files(SELF)[1])
    room = classroom([with_files(SELF), second])
    send(room, "一.pdf")
    send(room, "二.pdf", grant=room.grant("openassessment@p"))

    bodies = [str(shown.body) for shown in open_unit(room.grant())[1].blocks]

    assert ["一.pdf" in body for body in bodies] == [True, False]
    assert ["二.pdf" in body for body in bodies] == [False, True]


def test_a_task_without_files_takes_none_and_asks_nothing_more(classroom: MakeClassroom) -> None:
    room = classroom([task(SELF)])
    assert 'type="file"' not in body_of(room)
    assert send(room).status_code == 422
    assert not AnswerFile.objects.exists()


def test_nothing_is_attached_when_the_time_is_over_or_the_answer_is_in(classroom: MakeClassroom) -> None:
    late = classroom([with_files(SELF, submission_due="2020-01-01T00:00:00+00:00")])
    assert send(late).status_code == 422
    room = classroom([with_files(SELF)])
    hand_in(room)
    assert send(room).status_code == 409
    assert not AnswerFile.objects.exists()


def test_strangers_colleagues_and_previews_attach_nothing(classroom: MakeClassroom) -> None:
    room = classroom([with_files(SELF)])
    stranger = replace(room, person=make_person(name="外人"))
    for grant in (stranger.grant(USAGE), room.grant(USAGE, keeps=False), teacher(room)):
        assert send(room, grant=grant).status_code in {403, 422}
    assert not AnswerFile.objects.exists()


def test_a_file_is_read_by_its_owner_the_classmate_who_judges_and_those_who_teach(classroom: MakeClassroom) -> None:
    room = classroom([with_files([*PEER, *STAFF])])
    send(room)
    hand_in(room)
    other, third = classmate(room), classmate(room, "丙某")
    hand_in(other)
    hand_in(third)
    assert address_in(body_of(other)) == ""
    row = AnswerFile.objects.get()

    def address_for(person_id: int, tells: bool = False) -> str:
        """An address as if it had been signed for somebody: the right is asked for anew."""
        grant = replace(room.grant(USAGE), person_id=person_id, tells=tells)
        return answerfiles.AnswerFiles(grant).of_answer(row.submission_uuid)[0].url

    assert get(room, address_for(room.person.pk)).status_code == 200
    assert get(room, address_for(other.person.pk)).status_code == 404  # it was not given to them
    uuid = take(other)
    assert uuid == row.submission_uuid
    page = body_of(other)
    assert get(room, address_in(page)).status_code == 200
    assert get(room, address_for(third.person.pk)).status_code == 404
    assert get(room, address_for(make_person(name="外人").pk)).status_code == 404
    assert get(room, address_for(make_person(name="同事").pk, tells=True)).status_code == 404

    grant = teacher(room)
    post_json(grant, "take_answer", {})
    shown = str(open_unit(replace(grant, usage_id=room.unit))[1].blocks[0].body)
    assert get(room, address_in(shown)).status_code == 200


def test_a_forged_an_old_and_a_foreign_address_lead_nowhere(
    classroom: MakeClassroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, elsewhere = classroom([with_files(SELF)]), classroom([with_files(SELF)])
    address = address_in(send(room).json()["view"])

    assert get(room, address.replace("/u/", "/u/x")).status_code == 403
    assert get(elsewhere, address).status_code == 404  # under the origin of another course
    assert Client().get(address).status_code == 404  # on the site's own host
    monkeypatch.setattr(answerfiles, "ADDRESS_AGE_S_MAX", -1)
    assert get(room, address).status_code == 409


def test_a_file_of_an_answer_being_written_is_its_writers_alone(classroom: MakeClassroom) -> None:
    room = classroom([with_files(STAFF)])
    address = address_in(send(room).json()["view"])
    row = answerfiles.file_for(address.removeprefix("/u/"))
    assert not answerfiles._may_read(row, teacher(room).person_id, True)
    assert not answerfiles._may_read(row, classmate(room).person.pk, False)


def test_erasing_a_person_deletes_their_files(
    classroom: MakeClassroom, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    room = classroom([with_files(PEER)])
    send(room, "身份证.pdf", description="我的证件")
    hand_in(room)
    other = classmate(room)
    send(other, "别人.pdf", grant=other.grant(USAGE))
    hand_in(other)
    take(other)
    address = address_in(body_of(other), 0)

    with django_capture_on_commit_callbacks(execute=True):
        erase_traces(room.person.uuid)

    assert [row.name for row in AnswerFile.objects.all()] == ["别人.pdf"]
    assert len(stored()) == 1
    assert get(room, address).status_code == 404
    everything = [*map(str, Submission._objects.values_list("answer", flat=True)), body_of(other)]
    everything += map(str, BlockState.objects.values_list("state", flat=True))
    assert not [text for text in everything if "身份证" in text or "证件" in text]


def test_the_sweep_takes_what_has_no_row_and_is_a_day_old(classroom: MakeClassroom) -> None:
    room = classroom([with_files(SELF)])
    send(room)
    answerfiles._store(SimpleUploadedFile("x", b"left over"))
    assert answerfiles.sweep() == 0
    day = max(path.stat().st_mtime for path in stored()) + answerfiles.ORPHAN_AGE_S + 60

    assert answerfiles.sweep(now_s=day) == 1

    assert len(stored()) == 1


def _office(folder: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(f"{folder}document.xml", "<x/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.docx", _office("word/"), filekinds.OTHER),
        ("a.docx", _office("xl/"), None),
        ("a.docx", b"PK\x03\x04 broken", None),
        ("a.py", "print('你好')".encode("gb18030"), filekinds.OTHER),
        ("a.py", b"\0\1\2", None),
        ("a.PNG", PNG, "image/png"),
        ("a.stl", b"solid cube", filekinds.OTHER),
        ("a.stl", b"MZ\x90", None),
        ("a.bat", b"echo", None),
        ("a.mp3", b"ID3\4", "audio/mpeg"),
        ("a", b"%PDF-", None),
    ],
)
def test_a_name_must_fit_what_is_in_the_file(name: str, content: bytes, found: str | None) -> None:
    allowed = ["docx", "py", "png", "stl", "bat", "mp3"]
    assert filekinds.media_type_of(name, io.BytesIO(content), allowed, ["bat"]) == found


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("C:\\fakepath\\图 1.png", "图 1.png"),
        ("../../etc/passwd", "passwd"),
        ('a"b\n<c>.pdf', "abc.pdf"),
        ("...", "file"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
    ],
)
def test_names_are_cleaned(given: str, shown: str) -> None:
    assert filekinds.clean_name(given) == shown


def test_judging_goes_on_with_files(classroom: MakeClassroom) -> None:
    room = classroom([with_files(SELF)])
    send(room)
    hand_in(room)
    assert "作业.pdf" in body_of(room)
    assert post_json(room.grant(USAGE), "self_assess", judgement())["success"] is True
    assert "作业.pdf" in body_of(room)
