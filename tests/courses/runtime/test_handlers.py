"""Handlers that packages bring for authors, staff and other servers are not there for learners."""

import io
import zipfile
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from courses.content.blocktypes import SUPPORTED_LEAVES, load_block_class
from courses.runtime import grants, handlers
from courses.runtime.models import BlockState
from edu.kernel.errors import NotThere
from tests.courses.runtime.conftest import MakeClassroom
from tests.courses.runtime.test_views import HOST, ORIGIN, get
from tests.factories.blocks import block

pytestmark = pytest.mark.django_db


def test_a_learner_puts_no_files_on_the_server_by_the_form_of_authors(
    classroom: MakeClassroom, tmp_path: Path, settings: Settings
) -> None:
    settings.MEDIA_ROOT = tmp_path
    room = classroom([block("scorm@k", index_page_path="index.html")])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("imsmanifest.xml", "<manifest/>")
        archive.writestr("evil.html", "<script>alert(1)</script>")
    packed.seek(0)
    packed.name = "x.zip"
    names = ("has_score", "enable_navigation_menu", "enable_fullscreen_button", "popup_on_launch")
    sizes = ("display_name", "width", "height", "navigation_menu_width", "weight")
    values = {**dict.fromkeys(names, "0"), **dict.fromkeys(sizes, "1"), "file": packed}

    with ORIGIN:
        path = f"/h/{grants.sign_handler(room.grant('scorm@k'))}/studio_submit"
        assert Client(HTTP_HOST=HOST).post(path, values).status_code == 404

    assert list(tmp_path.rglob("*")) == []
    assert not BlockState.objects.exists()


def test_a_learner_reads_no_stored_file_by_its_path(
    classroom: MakeClassroom, tmp_path: Path, settings: Settings
) -> None:
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "secret.txt").write_text("secret")
    room = classroom([block("scorm@k", index_page_path="index.html", package_meta={"sha1": "x", "name": "x"})])
    base = f"/h/{grants.sign_handler(room.grant('scorm@k'))}/assets_proxy"

    for climb in range(6):
        answer = get(f"{base}/{'../' * climb}secret.txt")
        assert answer.status_code == 404
        assert b"secret" not in answer.content


@pytest.mark.parametrize("block_type", sorted(SUPPORTED_LEAVES - {"openassessment"}))
def test_what_is_for_authors_staff_or_other_servers_is_not_there(block_type: str) -> None:
    brought = {
        name
        for name in dir(load_block_class(block_type))
        if getattr(getattr(load_block_class(block_type), name, None), "_is_xblock_handler", False)
    }
    open_to_all = {name for name in brought if name in handlers.LEARNERS[block_type]}
    others = "studio csv_export export_status lti_ grade_handler preview assets_proxy popup share search_students yt_"

    assert not [name for name in open_to_all for word in others.split() if word in name]
    for name in brought - open_to_all:
        with pytest.raises(NotThere):
            handlers.require_learners(block_type, name)
