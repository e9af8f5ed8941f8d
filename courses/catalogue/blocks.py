"""What an editor may put on a course page, block by block."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

TEXT_FEATURES = ["h3", "bold", "ol", "ul", "link"]  # what prints well and reads aloud well; no embeds, no images
WEIGHT_PERCENT_MAX = 100


class OutcomesBlock(blocks.StructBlock):
    """What somebody can do after the course, one outcome a line."""

    items = blocks.ListBlock(blocks.CharBlock(max_length=300), label=_("Outcomes"), min_num=1)

    class Meta:
        icon = "tick"
        label = _("Learning outcomes")
        template = "courses/catalogue/blocks/outcomes.html"


class SyllabusPartBlock(blocks.StructBlock):
    """A week or a section of the course."""

    when = blocks.CharBlock(label=_("Week or section"), max_length=40, required=False)
    title = blocks.CharBlock(label=_("Title"), max_length=200)
    topics = blocks.ListBlock(blocks.CharBlock(max_length=300), label=_("Topics"), required=False, default=[])


class SyllabusBlock(blocks.StructBlock):
    """The course in order."""

    parts = blocks.ListBlock(SyllabusPartBlock(), label=_("Weeks or sections"), min_num=1)

    class Meta:
        icon = "list-ol"
        label = _("Syllabus")
        template = "courses/catalogue/blocks/syllabus.html"


class TeacherBlock(blocks.StructBlock):
    """A teacher as the page presents them; who may teach in a run is kept with the run."""

    name = blocks.CharBlock(label=_("Name"), max_length=100)
    position = blocks.CharBlock(label=_("Position"), max_length=200, required=False)
    about = blocks.TextBlock(label=_("About"), required=False)


class TeachersBlock(blocks.StructBlock):
    """Those who teach."""

    people = blocks.ListBlock(TeacherBlock(), label=_("Teachers"), min_num=1)

    class Meta:
        icon = "group"
        label = _("Teachers")
        template = "courses/catalogue/blocks/teachers.html"


class AssessmentPartBlock(blocks.StructBlock):
    """One part of the grade."""

    name = blocks.CharBlock(label=_("Part"), max_length=120)
    weight_percent = blocks.IntegerBlock(
        label=_("Weight in percent"), min_value=0, max_value=WEIGHT_PERCENT_MAX, required=False
    )
    note = blocks.CharBlock(label=_("Note"), max_length=300, required=False)


class AssessmentBlock(blocks.StructBlock):
    """How the grade comes about."""

    parts = blocks.ListBlock(AssessmentPartBlock(), label=_("Parts of the grade"), min_num=1)
    note = blocks.TextBlock(label=_("Note"), required=False)

    class Meta:
        icon = "form"
        label = _("Assessment")
        template = "courses/catalogue/blocks/assessment.html"


class LicenceBlock(blocks.StructBlock):
    """Under which terms others may use the course's material."""

    name = blocks.CharBlock(label=_("Licence"), max_length=120)  # "CC BY-SA 4.0"
    url = blocks.URLBlock(label=_("Address of the licence"), required=False)
    note = blocks.CharBlock(label=_("Note"), max_length=300, required=False)

    class Meta:
        icon = "lock-open"
        label = _("Licence")
        template = "courses/catalogue/blocks/licence.html"


class AboutBlock(blocks.StructBlock):
    """What the course is about, in running text."""

    text = blocks.RichTextBlock(label=_("Text"), features=TEXT_FEATURES)

    class Meta:
        icon = "doc-full"
        label = _("About the course")
        template = "courses/catalogue/blocks/about.html"


COURSE_BLOCKS = [
    ("about", AboutBlock()),
    ("outcomes", OutcomesBlock()),
    ("syllabus", SyllabusBlock()),
    ("teachers", TeachersBlock()),
    ("assessment", AssessmentBlock()),
    ("licence", LicenceBlock()),
]
COURSE_BLOCK_COUNTS = {name: {"max_num": 1} for name, _block in COURSE_BLOCKS}
