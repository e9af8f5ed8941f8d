"""What is known of hosts that courses load from."""

import pytest

from courses.content import hosts


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.YouTube.com/embed/x", "www.youtube.com"),
        ("//cdn.example.org/x.js", "cdn.example.org"),
        ("http://user:word@Example.org:8080/x", "example.org"),
        ("  https://example.org", "example.org"),
        ("\\\\example.org\\x", "example.org"),
        ("https:\\\\example.org/x", "example.org"),
        ("ftp://example.org/x", "example.org"),
        ("/static/fig.png", ""),
        ("fig.png", ""),
        ("data:image/png;base64,AAAA", ""),
        ("#top", ""),
        ("mailto:a@example.org", ""),
        ("", ""),
    ],
)
def test_the_host_that_an_address_names(address: str, host: str) -> None:
    assert hosts.host_of(address) == host


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("www.youtube.com", hosts.VIDEO),
        ("youtu.be", hosts.VIDEO),
        ("fonts.googleapis.com", hosts.GOOGLE),
        ("cdn.jsdelivr.net", hosts.CDN),
        ("notyoutube.com", hosts.ELSEWHERE),
        ("youtube.com.example.org", hosts.ELSEWHERE),
        ("gxu.edu.cn", hosts.ELSEWHERE),
        ("localhost", hosts.ELSEWHERE),
    ],
)
def test_a_host_below_a_domain_of_the_table_is_of_its_kind(host: str, kind: str) -> None:
    assert hosts.kind_of(host) == kind


def test_what_a_school_does_not_reach() -> None:
    assert hosts.is_out_of_reach("docs.google.com")
    assert not hosts.is_out_of_reach("www.bilibili.com")


def test_every_domain_out_of_reach_is_in_the_table() -> None:
    assert set(hosts.KNOWN) >= hosts.OUT_OF_REACH
