"""A course whose author is an attacker: an ordinary block, and a page of HTML with a script that tries everything."""

from pathlib import Path

from tests.factories.olx import write_course

BLOCK = "done@d1"  # what an honest click would complete


def write_hostile_course(folder: Path, script: str, foreign: str) -> Path:
    """Write the course as a folder; `script` is the attack, `foreign` the host that its author listens on."""
    page = (
        f'<p><a id="elsewhere" href="http://{foreign}/followed?told=1">further reading</a> '
        '<a id="own-script" href="/static/attack.js">a file</a> <img src="/static/图.png" alt="图"></p>'
        f"<script>{script}</script>"
    )
    files = {
        "vertical/v1.xml": '<vertical display_name="攻击"><html url_name="h1"/><done url_name="d1"/></vertical>',
        "vertical/v2.xml": '<vertical display_name="另一"><done url_name="d2"/></vertical>',
        "sequential/s1.xml": (
            '<sequential display_name="S"><vertical url_name="v1"/><vertical url_name="v2"/></sequential>'
        ),
        "html/h1.html": page,
        "static/attack.js": 'self.addEventListener("fetch", () => undefined);',
    }
    return write_course(folder, files)
