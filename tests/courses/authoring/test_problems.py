"""Questions and their OLX: what a form wrote it reads again, and what it cannot say it leaves alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from courses.authoring.problems import Choice, Question, read, write

WORDS = st.text("甲乙丙𠮷a1é<>&\"'%]", min_size=1, max_size=12)
CHOICES = st.lists(st.builds(Choice, WORDS, st.booleans(), st.one_of(st.just(""), WORDS)), min_size=2, max_size=5)
QUESTIONS = st.one_of(
    st.builds(
        Question,
        kind=st.sampled_from(["single", "multiple"]),
        text=WORDS,
        choices=CHOICES.map(tuple),
        explanation=st.one_of(st.just(""), WORDS),
    ),
    st.builds(
        Question, kind=st.just("number"), text=WORDS, answer=st.just("2.5"), tolerance=st.sampled_from(["", "5%"])
    ),
    st.builds(
        Question,
        kind=st.just("text"),
        text=WORDS,
        answer=WORDS,
        others=st.lists(WORDS, max_size=3).map(tuple),
        exact_case=st.booleans(),
        feedback=st.one_of(st.just(""), WORDS),
    ),
)


@given(QUESTIONS)
def test_what_was_written_is_read_again(question: Question) -> None:
    text = etree.tostring(write(question), encoding="unicode")
    assert read(etree.fromstring(text)) == question


def test_white_space_that_people_write_between_elements_does_not_matter() -> None:
    question = read(
        etree.fromstring(
            """<problem display_name="第一题">
              <multiplechoiceresponse>
                <label>多少？</label>
                <choicegroup type="MultipleChoice">
                  <choice correct="true">一</choice>
                  <choice correct="false">二 <choicehint>再想想</choicehint></choice>
                </choicegroup>
              </multiplechoiceresponse>
            </problem>"""
        )
    )
    assert question == Question(
        kind="single", text="多少？", choices=(Choice("一", True), Choice("二", False, "再想想"))
    )


@pytest.mark.parametrize(
    "olx",
    [
        "<problem><script>x=1</script>"
        "<numericalresponse answer='$x'><formulaequationinput/></numericalresponse></problem>",
        "<problem><p>先看图</p><multiplechoiceresponse><choicegroup/></multiplechoiceresponse></problem>",
        "<problem><multiplechoiceresponse><label>看<b>这里</b></label><choicegroup type='MultipleChoice'/>"
        "</multiplechoiceresponse></problem>",
        "<problem><multiplechoiceresponse><choicegroup type='MultipleChoice' shuffle='true'/>"
        "</multiplechoiceresponse></problem>",
        "<problem><formularesponse answer='x'/></problem>",
        "<problem/>",
        "<problem><!-- 注 --><stringresponse answer='a' type='ci'><textline size='20'/></stringresponse></problem>",
        "<problem attempts_before_showanswer='2'><stringresponse answer='a' type='ci'><textline size='20'/>"
        "</stringresponse></problem>",
    ],
)
def test_what_a_form_cannot_say_is_not_read(olx: str) -> None:
    assert read(etree.fromstring(olx)) is None
