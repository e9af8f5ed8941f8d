"""Servers of partners that the host connects: addresses of the example domain, which lead nowhere."""

from courses import api as courses
from edu.portal.story.cast import Cast

LABORATORY = "https://lab.guixue.example"


def connect(cast: Cast) -> None:
    """The host's registrar connects a laboratory for its units."""
    courses.register_tool(
        plan=courses.ToolPlan(
            name="虚拟仿真实验室",
            login_url=f"{LABORATORY}/lti/login",
            launch_url=f"{LABORATORY}/lti/launch",
            redirect_urls=(f"{LABORATORY}/lti/launch",),
            jwks_url=f"{LABORATORY}/lti/jwks",
            sends_name=True,
            purpose="实验报告需要署名",
        ),
        acting=cast.actor("host_registrar"),
    )
