"""People of a run with one another: a running class that asks, books and evaluates, and one that has evaluated."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from courses import api as courses
from courses.data import RunPlan
from edu.events.actions import deliver_all
from edu.kernel import clock
from edu.kernel.actor import Actor
from edu.people.models import Affiliation, Person, Role
from edu.portal.story.cast import Cast

CLASSMATES = (
    ("蓝小芳", "Lan Xiaofang"), ("欧阳静", "Ouyang Jing"), ("覃海燕", "Qin Haiyan"), ("韦国庆", "Wei Guoqing"),
    ("罗美玲", "Luo Meiling"), ("何志强", "He Zhiqiang"), ("梁冬梅", "Liang Dongmei"), ("莫家辉", "Mo Jiahui"),
    ("黎秀英", "Li Xiuying"), ("唐文斌", "Tang Wenbin"), ("潘丽萍", "Pan Liping"),
)  # fmt: skip
RURAL = 6  # of those who answer; the others are as many
COMMENTS = {
    0: "例子都来自身边，容易记住。希望每章多两道练习。",
    3: "村里网速慢，视频常常卡住，有字幕和文字稿就能学下去。",
    7: "答疑时间安排在晚上更好。",
}


def days(count: int, hour: int = 10) -> dt.datetime:
    """Return an hour in Nanning, so many days from the real today (negative: before)."""
    day = dt.datetime.now(clock.SHANGHAI).date() + dt.timedelta(days=count)
    return dt.datetime.combine(day, dt.time(hour), clock.SHANGHAI)


def meet(cast: Cast, course: UUID, version: UUID) -> tuple[UUID, UUID]:
    """Let both classes meet; returns the running and the evaluated run."""
    people = [cast.people["classmate"], *_classmates(cast)]
    with clock.at(days(-330)):
        evaluated = _run(cast, course, version, "2025B", -335, -300, -299, -215)
        for person in people:
            courses.enrol(person_uuid=person.uuid, run_uuid=evaluated, acting=_learner(cast, person))
    with clock.at(days(-205)):
        for number, person in enumerate(people):
            _evaluate(cast, person, evaluated, number)
    with clock.at(days(-28)):
        running = _run(cast, course, version, "2026R", -30, -20, -19, 9)
        for person in people:
            courses.enrol(person_uuid=person.uuid, run_uuid=running, acting=_learner(cast, person))
    talk(cast, running, people)
    meet_teacher(cast, running, people)
    deliver_all()
    return running, evaluated


def _classmates(cast: Cast) -> list[Person]:
    """People without a password: nobody signs in as one of them."""
    made = []
    for number, (name, latin) in enumerate(CLASSMATES):
        person = Person.objects.create_user(name=name, name_latin=latin)
        Affiliation.objects.create(
            person=person, institution=cast.home, role=Role.STUDENT, number=f"20250401{number + 10}",
            from_on=days(-420).date(),
        )  # fmt: skip
        made.append(person)
    return made


def _learner(cast: Cast, person: Person) -> Actor:
    return Actor(person.uuid, cast.home.uuid, Role.STUDENT)


def _run(cast: Cast, course: UUID, version: UUID, code: str, opens: int, closes: int, starts: int, ends: int) -> UUID:
    plan = RunPlan(
        code=code, enrolment_opens_at=days(opens), enrolment_closes_at=days(closes), starts_on=days(starts).date(),
        ends_on=days(ends).date(), credit_points=Decimal("2.00"), contact_hours=Decimal("32.0"), seats=60,
    )  # fmt: skip
    run = courses.create_run(
        course_uuid=course, plan=plan, acting=cast.actor("author"), teachers=[cast.uuid("teacher")]
    )
    courses.pin_content(run, version, reason="开课前定版", acting=cast.actor("author"))
    return run


def _evaluate(cast: Cast, person: Person, run: UUID, number: int) -> None:
    rural = number < RURAL
    grades = {item: 5 - (number + place) % 3 for place, item in enumerate(("goals", "teaching", "pace", "help"))}
    grades |= {"access": 2 + number % 2 if rural else 5 - number % 2, "overall": 4 + number % 2}
    place = courses.Place.RURAL if rural else courses.Place.URBAN
    answer = courses.Answer(grades, place, COMMENTS.get(number, ""))
    courses.evaluate(courses.participant_of(_learner(cast, person), person.pk, run), answer)


def talk(cast: Cast, run: UUID, people: list[Person]) -> None:
    """Questions of the class, answers of the teacher, one post that is reported and one that is hidden."""
    teacher = courses.participant_of(cast.actor("teacher"), cast.people["teacher"].pk, run)
    learners = [courses.participant_of(_learner(cast, person), person.pk, run) for person in people]
    with clock.at(days(-12)):
        courses.announce(
            teacher,
            title="第二章本周开放",
            text="本周学习第二章“抽样与推断”。答疑时间见“答疑”页，欢迎预约。\n参考：https://www.stats.gov.cn/",
        )
        asked = courses.open_thread(
            learners[0], title="偶数个数据，中位数取哪一个？", unit="vertical@u11b-mean-median",
            text="数据是 60、65、75、80，中间有两个数，应该取哪一个？",
        )  # fmt: skip
    with clock.at(days(-11)):
        helped = courses.reply(learners[1], thread_uuid=asked, text="取中间两个的平均，就是 70。")
        courses.reply(teacher, thread_uuid=asked, text="对。排好序以后，偶数个取中间两个数的平均。")
        courses.mark_answer(teacher, post_uuid=helped, answers=True)
    with clock.at(days(-6)):
        courses.open_thread(learners[2], title="样本量加倍，标准误减半吗？", text="我算出来好像不是一半，是哪里错了？")
        spam = courses.open_thread(learners[3], title="资料群", text="需要答案的进群，联系方式见主页。")
        rude = courses.reply(learners[4], thread_uuid=asked, text="这么简单也问。")
    with clock.at(days(-5)):
        first = courses.posts_by(teacher, spam)[0]
        courses.report_post(learners[0], post_uuid=first, reason="advertising", note="像是卖答案的")
        courses.hide_post(post_uuid=first, reason="与课程无关的广告", acting=cast.actor("teacher"))
        courses.report_post(learners[5], post_uuid=rude, reason="hurtful")


def meet_teacher(cast: Cast, run: UUID, people: list[Person]) -> None:
    """The teacher offers hours, the class books them; one hour is full."""
    teacher = courses.participant_of(cast.actor("teacher"), cast.people["teacher"].pk, run)
    offers = ((3, 19, 1, "一对一答疑"), (4, 19, 3, "第二章难点"), (6, 20, 8, "期末前总答疑"))
    with clock.at(days(-4)):
        slots = [
            courses.offer_tutoring(
                teacher,
                plan=courses.SlotPlan(
                    starts_at=days(day, hour), minutes=40, capacity=seats, place="腾讯会议 123-456-789", topic=topic
                ),
            )
            for day, hour, seats, topic in offers
        ]
        bookings = ((0, 5, "想问问置信区间"), (1, 0, "标准误的公式"), (1, 1, ""), (2, 2, ""))
        for slot, person, question in bookings:
            one = courses.participant_of(_learner(cast, people[person]), people[person].pk, run)
            courses.book_tutoring(one, slot_uuid=slots[slot], question=question)
