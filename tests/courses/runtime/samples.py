"""One block of every supported type, as an author would write it."""

from tests.factories.blocks import CHOICE, NUMBER, WORD, Spec, block, problem, text

EVERY_TYPE: list[Spec] = [
    text("h1", '<p>图见<img src="/static/fig.png" alt="图"></p>'),
    problem("p-choice", CHOICE),
    problem("p-number", NUMBER),
    problem("p-word", WORD),
    problem(
        "p-checks",
        "<problem><choiceresponse><label>Which?</label><checkboxgroup><choice correct='true'>a</choice>"
        "<choice correct='false'>b</choice></checkboxgroup></choiceresponse></problem>",
    ),
    problem(
        "p-drop",
        "<problem><optionresponse><label>Which?</label><optioninput><option correct='True'>a</option>"
        "<option correct='False'>b</option></optioninput></optionresponse></problem>",
    ),
    problem(
        "p-formula",
        '<problem><formularesponse type="ci" samples="x@1:5#4" answer="2*x"><label>Twice x</label>'
        '<responseparam type="tolerance" default="0.001"/><formulaequationinput/></formularesponse></problem>',
    ),
    problem(
        "p-image",
        '<problem><imageresponse><imageinput src="/static/map.png" width="200" height="100" '
        'rectangle="(10,10)-(60,60)"/></imageresponse></problem>',
    ),
    block(
        "video@v1",
        display_name="短片",
        html5_sources=["/static/a.mp4"],
        transcripts={"zh": "a-zh.srt", "en": "a-en.srt"},
        youtube_id_1_0="",
        download_video=True,
    ),
    block(
        "poll@o1",
        question="哪种图？",
        answers=[
            ["bar", {"label": "柱形", "img": "", "img_alt": ""}],
            ["line", {"label": "折线", "img": "", "img_alt": ""}],
        ],
    ),
    block(
        "survey@s1",
        questions=[["pace", {"label": "速度如何？", "img": "", "img_alt": ""}]],
        answers=[["slow", "慢"], ["fast", "快"]],
    ),
    block(
        "poll_question@q1",
        {"question": "<p>Yes?</p>", "answers": [{"id": "y", "text": "Yes"}, {"id": "n", "text": "No"}]},
    ),
    block("word_cloud@w1", num_inputs=3, instructions="三个词"),
    block(
        "annotatable@a1",
        {"data": '<annotatable><p>See <annotation title="T" body="B">this</annotation> here</p></annotatable>'},
    ),
    block("done@d1"),
    block("openassessment@r1", {"prompt": "为什么要看中位数？"}),
    block("pdf@f1", {"url": "/static/handout.pdf"}),
    block("freetextresponse@t1", prompt="什么是中位数？", min_word_count=3, fullcredit_keyphrases=["中间"], weight=2),
]
# Types whose package brings the script that shows them.
PACKAGED: list[Spec] = [block("drag-and-drop-v2@g1"), block("acid@x1")]
