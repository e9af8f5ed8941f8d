"""Servers of partners that the host connects: addresses of the example domain, which lead nowhere."""

from courses import api as courses
from edu.portal.story.cast import Cast

LABORATORY = "https://lab.guixue.example"
MOODLE = "https://moodle.guixue.example"


def connect(cast: Cast) -> None:
    """The host's registrar connects a laboratory for its units, and a partner's Moodle to its runs."""
    courses.register_tool(
        plan=courses.ToolPlan(
            name="虚拟仿真实验室",
            login_url=f"{LABORATORY}/lti/login",
            launch_url=f"{LABORATORY}/lti/launch",
            redirect_urls=(f"{LABORATORY}/lti/launch",),
            jwks_url=f"{LABORATORY}/lti/jwks",
            choosing_url=f"{LABORATORY}/lti/choose",
            sends_name=True,
            purpose="实验报告需要署名",
        ),
        acting=cast.actor("host_registrar"),
    )
    courses.register_platform(
        plan=courses.PlatformPlan(
            name="桂林电子科技大学 Moodle",
            issuer=MOODLE,
            client_id="Vq8sJ2xkZc1TnAe",
            deployment_ids=("1",),
            auth_url=f"{MOODLE}/mod/lti/auth.php",
            token_url=f"{MOODLE}/mod/lti/token.php",
            jwks_url=f"{MOODLE}/mod/lti/certs.php",
        ),
        acting=cast.actor("host_registrar"),
    )
