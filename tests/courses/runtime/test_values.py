"""Ranges, captions, scores and completion: values in, values out."""

import io
from decimal import Decimal
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import AsyncRequestFactory, RequestFactory

from courses.content import sending
from courses.runtime import ranges, rules
from courses.runtime.captions import to_webvtt

FILE = bytes(range(100))


def part(header: str) -> HttpResponse:
    request = RequestFactory().get("/", headers={"Range": header} if header else {})
    stream = io.BytesIO(FILE)
    answer = ranges.answer(request, stream, size=len(FILE), media_type="video/mp4")
    assert isinstance(answer, HttpResponse)
    assert stream.closed
    return answer


class Counting(io.BytesIO):
    """Counts how much is read at once."""

    most = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """Read."""
        found = super().read(size)
        self.most = max(self.most, len(found))
        return found


@pytest.mark.parametrize("is_async", [True, False])
def test_a_large_file_is_never_in_memory_whole(is_async: bool) -> None:
    body = bytes(range(256)) * 4 * 1024 * 16  # 16 MB
    stream = Counting(body)
    request: HttpRequest = AsyncRequestFactory().get("/") if is_async else RequestFactory().get("/")

    answer = ranges.answer(request, stream, size=len(body), media_type="video/mp4")

    assert isinstance(answer, StreamingHttpResponse)
    assert answer["Content-Length"] == str(len(body))
    assert answer.is_async is is_async
    assert b"".join(async_to_sync(gathered)(answer) if is_async else answer) == body
    assert stream.most <= sending.CHUNK
    answer.close()
    assert stream.closed


async def gathered(answer: StreamingHttpResponse) -> list[bytes]:
    return [piece async for piece in answer]


@pytest.mark.parametrize(
    ("header", "status", "body", "content_range"),
    [
        ("", 200, FILE, None),
        ("bytes=0-9", 206, FILE[:10], "bytes 0-9/100"),
        ("bytes=90-", 206, FILE[90:], "bytes 90-99/100"),
        ("bytes=-5", 206, FILE[95:], "bytes 95-99/100"),
        ("bytes=50-500", 206, FILE[50:], "bytes 50-99/100"),
        ("bytes=100-", 416, b"", "bytes */100"),
        ("bytes=5-1", 200, FILE, None),
        ("bytes=0-1,5-6", 200, FILE, None),
        ("lines=1-2", 200, FILE, None),
    ],
)
def test_a_file_is_sent_whole_or_in_the_part_that_is_asked_for(
    header: str, status: int, body: bytes, content_range: str | None
) -> None:
    response = part(header)

    assert (response.status_code, response.content) == (status, body)
    assert response.get("Content-Range") == content_range
    assert response["Accept-Ranges"] == "bytes"


def test_subrip_becomes_webvtt() -> None:
    srt = "\ufeff1\r\n00:00:01,500 --> 00:00:03,000\r\n你好\r\n世界\r\n\r\n2\r\n00:01:00,000 --> 00:01:02,000\r\nb\r\n"

    assert to_webvtt(srt.encode()) == (
        "WEBVTT\n\n00:00:01.500 --> 00:00:03.000\n你好\n世界\n\n00:01:00.000 --> 00:01:02.000\nb\n\n"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le"])
def test_captions_may_come_from_an_older_machine(encoding: str) -> None:
    srt = "1\n00:00:01,500 --> 00:00:03,000\n中位数在中间，不是平均数\n"
    raw = srt.encode(encoding)
    if encoding == "utf-16-le":
        raw = b"\xff\xfe" + raw

    assert to_webvtt(raw) == "WEBVTT\n\n00:00:01.500 --> 00:00:03.000\n中位数在中间，不是平均数\n\n"


@pytest.mark.parametrize("text", ['{"start":[1e400],"end":[1],"text":["x"]}', '{"start":' + "[" * 100_000])
def test_captions_that_are_no_captions_are_an_empty_file(text: str) -> None:
    assert to_webvtt(text.encode()) == "WEBVTT\n\n"


def test_edx_json_becomes_webvtt_and_rubbish_an_empty_file() -> None:
    assert "00:00:01.000 --> 00:00:02.500\nhi" in to_webvtt(b'{"start":[1000],"end":[2500],"text":["hi"]}')
    assert to_webvtt(b'{"start": 3}') == "WEBVTT\n\n"
    assert to_webvtt(b"\xff\xfe nonsense") == "WEBVTT\n\n"
    assert to_webvtt(b"WEBVTT\n\nx").startswith("WEBVTT")


@pytest.mark.parametrize(
    ("data", "weight", "earned", "possible"),
    [
        ({"value": 1, "max_value": 3}, None, "1", "3"),
        ({"value": 1, "max_value": 3}, 2, "0.666667", "2"),
        ({"value": 5, "max_value": 3}, None, "3", "3"),
        ({"value": 0, "max_value": 0}, 2, "0", "0"),
        ({"value": 0.1, "max_value": 1}, None, "0.1", "1"),
    ],
)
def test_a_grade_becomes_points(data: dict[str, Any], weight: float | None, earned: str, possible: str) -> None:
    score = rules.score_of(data, weight)

    assert score is not None
    assert (score.earned, score.possible) == (Decimal(earned), Decimal(possible))


@pytest.mark.parametrize(
    "data", [{}, {"value": "1", "max_value": 2}, {"value": float("nan"), "max_value": 1}, {"value": -1, "max_value": 1},
             {"value": 1, "max_value": float("inf")}, {"value": True, "max_value": 1}]
)  # fmt: skip
def test_what_is_no_grade_is_no_score(data: dict[str, Any]) -> None:
    assert rules.score_of(data, None) is None


def test_completion_follows_from_events() -> None:
    assert rules.completion_of("video", "completion", {"completion": 0.5}) == Decimal("0.5")
    assert rules.completion_of("video", "completion", {"completion": 7}) == 1
    assert rules.completion_of("problem", "grade", {"value": 0, "max_value": 1}) == 1
    assert rules.completion_of("done", "grade", {"value": 0, "max_value": 1}) == 0
    assert rules.completion_of("problem", "edx.problem.hint", {}) is None
