"""ELMO files that others might send, small and as odd as a test wants them."""

from xml.sax.saxutils import escape

NAMESPACE = "https://github.com/emrex-eu/elmo-schemas/tree/v1"
WARSAW = '<identifier type="schac">uw.edu.pl</identifier><identifier type="pic">999572294</identifier>'


def course(
    title: str = "Compiler construction",
    *,
    local: str = "1000-CC",
    credit: str = "6",
    scheme: str = "ects",
    date: str = "2015-03-17",
    status: str = "passed",
    parts: str = "",
    more: str = "",
) -> str:
    """Return a learning opportunity; `parts` are those inside it, `more` further identifiers of its instance."""
    identifier = f'<identifier type="local">{escape(local)}</identifier>' if local else ""
    given = f"<credit><scheme>{scheme}</scheme><value>{credit}</value></credit>" if credit else ""
    day = f"<date>{date}</date>" if date else ""
    instance = f"{more}{day}<status>{status}</status><resultLabel>5</resultLabel>{given}"
    inside = f"<hasPart>{parts}</hasPart>" if parts else ""
    return (
        f'<learningOpportunitySpecification>{identifier}<title xml:lang="en">{escape(title)}</title><type>Course</type>'
        f"<specifies><learningOpportunityInstance>{instance}</learningOpportunityInstance></specifies>{inside}"
        "</learningOpportunitySpecification>"
    )


def report(*courses: str, issuer: str = WARSAW, title: str = "University of Warsaw") -> str:
    """Return what one issuer says."""
    return (
        f'<report><issuer><country>PL</country>{issuer}<title xml:lang="en">{escape(title)}</title>'
        f"<url>https://uw.example</url></issuer>{''.join(courses)}<issueDate>2026-01-01T00:00:00Z</issueDate></report>"
    )


def elmo_file(*reports: str, learner: str = "Wei", head: str = "") -> bytes:
    """Return the bytes of a file."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<elmo xmlns="{NAMESPACE}">'
        f"<generatedDate>2026-01-01T00:00:00Z</generatedDate><learner><givenNames>Xiaoming</givenNames>"
        f"<familyName>{escape(learner)}</familyName><bday>2004-05-06</bday></learner>{''.join(reports)}</elmo>"
    ).encode()
