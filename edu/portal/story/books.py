"""The course is a digital textbook too: schools fetch the first version, then the one that the class sees."""

from uuid import UUID

from courses import api as courses
from edu.kernel import clock
from edu.portal.story import exchange
from edu.portal.story.cast import Cast


def hand_out(cast: Cast, course: UUID) -> None:
    """Mark the course and pack its first two versions."""
    author = cast.actor("author")
    with clock.at(exchange.days(-12)):
        courses.mark_textbook(
            course,
            edition="第1版（2026年秋季）",
            licence="CC BY-SA 4.0：注明出处即可复制、修改，改编后以同样方式共享",
            acting=author,
        )
    for number, day in ((1, -12), (2, -9)):
        with clock.at(exchange.days(day)):
            courses.pack_textbook(course, number, acting=author)
        with clock.at(exchange.days(day + 1)):  # the films' lighter copies are not waited for: nobody makes them yet
            courses.make_textbook_packs()
