"""Other servers are asked only at public addresses, for a short time, and for little."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from edu.api import outgoing
from edu.api.outgoing import NoAnswer, ask, check_address
from edu.kernel.errors import Refusal
from tests.factories.small_server import SmallServer, small_server


@pytest.fixture
def server() -> Iterator[SmallServer]:
    with small_server() as running:
        yield running


def test_a_server_of_ours_is_asked_when_its_host_is_named(server: SmallServer, settings: Settings) -> None:
    server.answers["/a"] = lambda asked: (200, {"sent": asked.body.decode(), "kind": asked.headers["content-type"]})
    answer = ask(f"{server.address}/a?x=1", method="POST", body=b"hello", headers={"Content-Type": "text/plain"})
    assert (answer.status, answer.json()) == (200, {"sent": "hello", "kind": "text/plain"})
    settings.GUIXUE_PRIVATE_HOSTS = []
    with pytest.raises(Refusal):
        ask(f"{server.address}/a")
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "192.168.1.1", "[::1]", "0.0.0.0", "[::ffff:10.0.0.1]"]
)
def test_private_addresses_are_not_asked(settings: Settings, host: str) -> None:
    settings.GUIXUE_PRIVATE_HOSTS = []
    with pytest.raises(NoAnswer, match="not a public address"):
        ask(f"https://{host}/")


@pytest.mark.parametrize(
    "url",
    ["", "x", "http://a.example/", "ftp://a.example/", "https://", "https://u:p@a.example/", "https://a.example/#x",
     "https://a.example:99999/", "https://[a/", "javascript:alert(1)", "//a.example/"],
)  # fmt: skip
def test_what_is_no_whole_address_is_refused(url: str) -> None:
    with pytest.raises(Refusal):
        check_address(url)


def test_a_redirect_is_an_answer_and_not_a_way(server: SmallServer) -> None:
    server.answers["/a"] = lambda _asked: (302, {})
    assert ask(f"{server.address}/a").status == 302


def test_too_much_and_nothing_are_no_answer(server: SmallServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answers["/big"] = lambda _asked: (200, b"x" * (outgoing.ANSWER_BYTES_MAX + 1))
    with pytest.raises(NoAnswer):
        ask(f"{server.address}/big")
    with pytest.raises(NoAnswer):
        ask("http://127.0.0.1:9/")
