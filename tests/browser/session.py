"""Signing in through the screens, as a person would."""

import base64
import hmac
import time

from playwright.sync_api import Page

CODE_PERIOD_S = 30
AT_REST = """() => new Promise(done => {
  let height = -1, looks = 0;
  const look = () => {
    const now = document.querySelector("iframe.unit-frame").offsetHeight;
    looks = now === height ? looks + 1 : 0;
    height = now;
    if (looks < 3) setTimeout(look, 50); else done();
  };
  look();
})"""
_used: set[tuple[str, int]] = set()


def fresh_code(secret: str) -> str:
    """Return a code of the second factor that was not used yet: each works once, so wait for the next if it must be."""
    while (secret, counter := int(time.time()) // CODE_PERIOD_S) in _used:
        time.sleep(1)
    _used.add((secret, counter))
    digest = hmac.digest(base64.b32decode(secret), counter.to_bytes(8, "big"), "sha1")  # RFC 6238
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


def sign_in(page: Page, account: dict[str, str], language: str = "zh-hans") -> None:
    """Sign in with e-mail and password, and the second factor where the account has one."""
    page.goto(f"/{language}/account/login/")
    page.fill("[name=identifier]", account["email"])
    page.fill("[name=password]", account["password"])
    page.click("main button[type=submit]")
    if account["secret"]:
        page.wait_for_selector("[name=code]")
        page.fill("[name=code]", fresh_code(account["secret"]))
        page.click("main button[type=submit]")
    page.wait_for_url(lambda address: "/login" not in address and "/two-steps/code" not in address)


def at_rest(page: Page) -> None:
    """Wait until the frame of a unit no longer grows: what is clicked while it moves is missed."""
    page.evaluate(AT_REST)
