"""Who plays: two universities, the people in them, and one programme. Names are invented, institutions are real."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP

from edu.institutions.models import Institution, InstitutionKind, InstitutionName, Programme, RequirementSlot, Term
from edu.kernel.actor import Actor
from edu.people.models import Affiliation, Person, Role

HOST_CODE, HOME_CODE = "4145010593", "4145010603"  # 广西大学, 南宁师范大学 (广西师范学院 until 2018)
PASSWORD = "guixue-demo"  # noqa: S105  (printed on the terminal; the demo holds no one's data)
SCHOOL_YEAR_BEGINS = 9  # September
ENGLISH_NAMES = {HOST_CODE: "Guangxi University", HOME_CODE: "Nanning Normal University"}


@dataclass(frozen=True, slots=True)
class Part:
    """One part in the story. `secret` is the second factor of those who need one (RFC 4648 base32)."""

    key: str
    name: str
    latin: str
    email: str
    role: str
    institution: str
    number: str
    secret: str = ""


PARTS = (
    Part("student", "韦晓梅", "Wei Xiaomei", "student@guixue.example", Role.STUDENT, HOME_CODE, "2026040101"),
    Part("second_student", "黄志远", "Huang Zhiyuan", "second@guixue.example", Role.STUDENT, HOME_CODE, "2026040102"),
    Part("third_student", "李文秀", "Li Wenxiu", "third@guixue.example", Role.STUDENT, HOME_CODE, "2026040103"),
    Part("classmate", "陆小满", "Lu Xiaoman", "classmate@guixue.example", Role.STUDENT, HOME_CODE, "2025040101"),
    Part("teacher", "覃立新", "Qin Lixin", "teacher@guixue.example", Role.TEACHER, HOST_CODE, "T0107"),
    Part("author", "农雪", "Nong Xue", "author@guixue.example", Role.AUTHOR, HOST_CODE, "A0033"),
    Part("editor", "蒙佳宁", "Meng Jianing", "editor@guixue.example", Role.EDITOR, HOST_CODE, "E0012"),
    Part(
        "host_registrar", "莫雅琴", "Mo Yaqin", "host.registrar@guixue.example", Role.REGISTRAR, HOST_CODE, "R0021",
        "GUIXUEHOSTREGISTRAR234567ABCDEFG",
    ),
    Part(
        "home_registrar", "陆建国", "Lu Jianguo", "home.registrar@guixue.example", Role.REGISTRAR, HOME_CODE, "R0008",
        "GUIXUEHOMEREGISTRAR234567ABCDEFG",
    ),
    Part("supervisor", "苏航", "Su Hang", "supervisor@guixue.example", Role.SUPERVISOR, "authority", "S0001"),
    Part(
        "coordinator", "石秀兰", "Shi Xiulan", "coordinator@guixue.example", Role.SCHOOL_COORDINATOR, "school", "C0001",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Cast:
    """Everybody and everything that the scenes refer to."""

    host: Institution
    home: Institution
    slot: RequirementSlot
    people: dict[str, Person]

    def actor(self, key: str) -> Actor:
        """Return the actor of a part."""
        part = next(part for part in PARTS if part.key == key)
        affiliation = Affiliation.objects.select_related("institution").get(
            person=self.people[key], role=part.role, number=part.number
        )
        return Actor(self.people[key].uuid, affiliation.institution.uuid, part.role)

    def uuid(self, key: str) -> UUID:
        """Return the uuid of the person who plays a part."""
        return self.people[key].uuid


def assemble(since_on: dt.date, online_term: tuple[dt.date, dt.date]) -> Cast:
    """Make programme, terms and people; everybody has belonged to their institution since `since_on`.

    `online_term` is first and last day of the term in which the story's course was taught.
    """
    host, home = (Institution.objects.get(code=code) for code in (HOST_CODE, HOME_CODE))
    for institution in (host, home):
        if not institution.names.filter(language="en").exists():
            name = ENGLISH_NAMES[str(institution.code)]
            InstitutionName.objects.create(institution=institution, language="en", name=name)
    programme, slot = _programme(home)
    for institution in (host, home):
        _terms(institution, since_on.year)
        _online_term(institution, *online_term)
    schools = {HOST_CODE: host, HOME_CODE: home, "authority": _authority(), "school": _school()}
    people = {part.key: _person(part, schools[part.institution], programme, since_on) for part in PARTS}
    return Cast(host=host, home=home, slot=slot, people=people)


def _authority() -> Institution:
    authority, made = Institution.objects.get_or_create(
        kind=InstitutionKind.AUTHORITY, region="450000", defaults={"city": "南宁市"}
    )
    if made:
        InstitutionName.objects.create(institution=authority, language="zh-hans", name="自治区教育主管部门（演示）")
        InstitutionName.objects.create(institution=authority, language="en", name="Regional education authority (demo)")
    return authority


def _school() -> Institution:
    """A township's school without a line that one could watch films on; it fetches textbooks instead."""
    school = Institution.objects.create(kind=InstitutionKind.SCHOOL, region="450328", city="桂林市")
    InstitutionName.objects.create(institution=school, language="zh-hans", name="龙胜各族自治县乡镇中心校（演示）")
    InstitutionName.objects.create(institution=school, language="en", name="Longsheng township school (demo)")
    return school


def _programme(home: Institution) -> tuple[Programme, RequirementSlot]:
    programme = Programme.objects.create(
        institution=home, code="040104", plan_version="2024", name_zh="教育技术学", name_en="Educational Technology"
    )
    slots = (
        ("GE", "通识选修", "General electives", "8.00", "12.00"),
        ("ME", "专业选修", "Major electives", "20.00", None),
    )
    made = [
        RequirementSlot.objects.create(
            programme=programme,
            code=code,
            name_zh=name_zh,
            name_en=name_en,
            credit_points_min=Decimal(least),
            credit_points_max=Decimal(most) if most else None,
        )
        for code, name_zh, name_en, least, most in slots
    ]
    return programme, made[0]


def _terms(institution: Institution, first_year: int) -> None:
    for year in range(first_year, first_year + 3):
        Term.objects.get_or_create(
            institution=institution,
            code=f"{year}-{year + 1}-1",
            defaults={
                "name_zh": f"{year}-{year + 1}学年第一学期",
                "name_en": f"Autumn {year}",
                "starts_on": dt.date(year, 9, 1),
                "ends_on": dt.date(year + 1, 1, 31),
            },
        )


def _online_term(institution: Institution, starts_on: dt.date, ends_on: dt.date) -> None:
    year = starts_on.year if starts_on.month >= SCHOOL_YEAR_BEGINS else starts_on.year - 1
    Term.objects.create(
        institution=institution,
        code=f"{year}-{year + 1}-3",
        name_zh=f"{year}-{year + 1}学年第三学期（网络课程）",
        name_en=f"Online term {year}/{year + 1}",
        starts_on=starts_on,
        ends_on=ends_on,
    )


def _person(part: Part, institution: Institution, programme: Programme, since_on: dt.date) -> Person:
    staff = part.role in {Role.EDITOR}
    person = Person.objects.create_user(
        name=part.name, password=PASSWORD, name_latin=part.latin, email=part.email, is_staff=staff
    )
    Affiliation.objects.create(
        person=person,
        institution=institution,
        role=part.role,
        number=part.number,
        programme=programme if part.role == Role.STUDENT else None,
        from_on=since_on,
    )
    if part.secret:
        TOTP.activate(person, part.secret)
    return person


def second_factor(person: Person) -> Authenticator | None:
    """Return the second factor of a person, if any."""
    found: Authenticator | None = Authenticator.objects.filter(user=person, type="totp").first()
    return found
