"""A course with a unit for every kind of block, as authors write them: what the browser tests learn through."""

import io
import zipfile
from pathlib import Path

from tests.factories.olx import write_course

UNITS: dict[str, str] = {
    "reading": '<html url_name="h1"/><annotatable url_name="a1"/><pdf url_name="f1" url="/static/handout.pdf"/>',
    "choices": '<problem url_name="p-choice"/><problem url_name="p-checks"/><problem url_name="p-drop"/>',
    "written": '<problem url_name="p-number"/><problem url_name="p-word"/><problem url_name="p-formula"/>',
    "image": '<problem url_name="p-image"/>',
    "video": '<video url_name="v1"/>',
    "voices": (
        '<poll_question url_name="q1"/><word_cloud url_name="w1"/>'
        '<poll url_name="o1" question="哪种图？" answers=\''
        '[["bar",{"label":"柱形","img":"","img_alt":""}],["line",{"label":"折线","img":"","img_alt":""}]]'
        "'/><survey url_name=\"s1\" questions='"
        '[["pace",{"label":"速度如何？","img":"","img_alt":""}]]'
        '\' answers=\'[["slow","慢"],["fast","快"]]\'/>'
    ),
    "own-words": (
        '<freetextresponse url_name="t1" prompt="什么是中位数？" min_word_count="3" '
        'fullcredit_keyphrases=\'["中间"]\' weight="2"/><done url_name="d1"/>'
    ),
    "dragging": '<drag-and-drop-v2 url_name="g1"/>',
    "task": '<openassessment url_name="o1"/>',
    "acid": '<acid url_name="x1"/>',
    "mentoring": (
        '<problem-builder url_name="b1" display_name="自测" max_attempts="3">'
        '<pb-answer url_name="b1a" name="goal" question="你想学到什么？"/>'
        '<pb-mcq url_name="b1q" name="colour" question="哪个是柱形图？" correct_choices="[&quot;bar&quot;]">'
        '<pb-choice url_name="b1c1" value="bar">柱形</pb-choice>'
        '<pb-choice url_name="b1c2" value="line">折线</pb-choice>'
        '<pb-tip url_name="b1t" values="[&quot;line&quot;]">再看一看坐标。</pb-tip></pb-mcq>'
        '<pb-message url_name="b1m" type="completed">做得好。</pb-message></problem-builder>'
        '<problem-builder url_name="b2" display_name="回顾" display_submit="false">'
        '<pb-answer-recap url_name="b2r" name="goal"/></problem-builder>'
    ),
    "chosen": (
        '<library_content url_name="n1" max_count="1"><html url_name="n1a"/><html url_name="n1b"/></library_content>'
        '<randomize url_name="n2"><html url_name="n2a"/><html url_name="n2b"/></randomize>'
        '<split_test url_name="n3" group_id_to_child=\'{"0": "i4x://o/c/vertical/n3a", "1": "i4x://o/c/vertical/n3b"}\'>'
        '<vertical url_name="n3a"><html url_name="n3ah"/></vertical>'
        '<vertical url_name="n3b"><html url_name="n3bh"/></vertical></split_test>'
    ),
    "waiting": (
        '<problem url_name="p-gate"/><conditional url_name="c1" sources="problem/p-gate" correct="True" '
        'message="先答对上一题。"><html url_name="c1h"/></conditional>'
    ),
    "broken": (
        '<problem url_name="p-script"/><html url_name="m1"/><discussion url_name="m2" display_name="讨论" '
        'discussion_id="m2"/><done url_name="m3"/>'
    ),
    "tool": (
        '<lti_consumer url_name="l1" xblock-family="xblock.v1" display_name="工具" lti_id="tool" has_score="true" '
        'launch_url="http://localhost:9/launch" custom_parameters="[&quot;chapter=2&quot;]"/>'
        '<lti url_name="l2" display_name="旧工具" lti_id="tool" launch_url="http://localhost:9/older"/>'
    ),
    "package": (
        '<scorm url_name="k1" display_name="课件" index_page_path="index.html" scorm_version="SCORM_12" '
        'scorm_package_path="scorm/k1/package.zip" weight="2"/>'
    ),
}
PROBLEMS: dict[str, str] = {
    "p-gate": (
        "<multiplechoiceresponse><label>1+1?</label><choicegroup type='MultipleChoice'>"
        "<choice correct='true'>2</choice><choice correct='false'>3</choice></choicegroup></multiplechoiceresponse>"
    ),
    "p-script": (
        "<script type='loncapa/python'>x = 1</script><customresponse cfn='f'><textline size='5'/></customresponse>"
    ),
    "p-choice": (
        "<multiplechoiceresponse><label>2+2?</label><choicegroup type='MultipleChoice'>"
        "<choice correct='false'>3</choice><choice correct='true'>4</choice></choicegroup></multiplechoiceresponse>"
    ),
    "p-checks": (
        "<choiceresponse><label>Which are even?</label><checkboxgroup><choice correct='true'>2</choice>"
        "<choice correct='false'>3</choice><choice correct='true'>4</choice></checkboxgroup></choiceresponse>"
    ),
    "p-drop": (
        "<optionresponse><label>The smaller?</label><optioninput><option correct='True'>1</option>"
        "<option correct='False'>2</option></optioninput></optionresponse>"
    ),
    "p-number": (
        "<numericalresponse answer='70'><label>Median?</label><formulaequationinput/></numericalresponse>"
        "<demandhint><hint>Sort first.</hint></demandhint>"
    ),
    "p-word": '<stringresponse answer="中位数" type="ci"><label>Name it</label><textline size="20"/></stringresponse>',
    "p-formula": (
        '<formularesponse type="ci" samples="x@1:5#4" answer="2*x"><label>Twice x</label>'
        '<responseparam type="tolerance" default="0.001"/><formulaequationinput/></formularesponse>'
    ),
    "p-image": (
        '<imageresponse><imageinput src="/static/map.svg" width="200" height="100" rectangle="(10,10)-(60,60)"/>'
        "</imageresponse>"
    ),
}
OTHERS: dict[str, str] = {
    "openassessment/o1.xml": (
        '<openassessment submission_start="2001-01-01T00:00:00+00:00" submission_due="2999-01-01T00:00:00+00:00" '
        'text_response="required" text_response_editor="text" prompts_type="text"><title>中位数</title>'
        '<assessments><assessment name="self-assessment" start="2001-01-01T00:00:00+00:00" '
        'due="2999-01-01T00:00:00+00:00"/></assessments>'
        "<prompts><prompt><description>为什么要看中位数？</description></prompt></prompts>"
        "<rubric><criterion feedback='optional'><name>ideas</name><label>想法</label><prompt>说清了吗？</prompt>"
        "<option points='0'><name>weak</name><label>没有</label><explanation>只有结论</explanation></option>"
        "<option points='3'><name>good</name><label>说清了</label><explanation>有例子</explanation></option>"
        "</criterion><feedbackprompt>还有什么要说？</feedbackprompt></rubric></openassessment>"
    ),
    "html/h1.xml": '<html filename="h1" display_name="导言"/>',
    "html/h1.html": "<p>图见<img src='/static/map.svg' alt='图'></p>",
    **{
        f"html/{name}.html": f"<p>{words}</p>"
        for name, words in {
            "n1a": "抽到甲",
            "n1b": "抽到乙",
            "n2a": "随机甲",
            "n2b": "随机乙",
            "n3ah": "甲组",
            "n3bh": "乙组",
            "c1h": "这里打开了",
            "m1": "别的部分照常",
        }.items()
    },
    **{
        f"html/{name}.xml": f'<html filename="{name}" display_name="文字"/>'
        for name in ("n1a", "n1b", "n2a", "n2b", "n3ah", "n3bh", "c1h", "m1")
    },
    "annotatable/a1.xml": (
        '<annotatable display_name="A"><p>See <annotation title="T" body="The note.">this</annotation> here</p>'
        "</annotatable>"
    ),
    "poll_question/q1.xml": (
        '<poll_question display_name="Q"><p>Yes?</p><answer id="y">Yes</answer><answer id="n">No</answer>'
        "</poll_question>"
    ),
    "word_cloud/w1.xml": '<word_cloud display_name="W" num_inputs="2"/>',
    "video/v1.xml": (
        '<video display_name="短片" youtube_id_1_0="" html5_sources=\'["/static/film.mp4"]\' show_captions="true" '
        'transcripts=\'{"zh": "film-zh.srt"}\'><source src="/static/film.mp4"/>'
        '<transcript language="zh" src="film-zh.srt"/></video>'
    ),
    "static/map.svg": (
        '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><rect width="60" height="60"/></svg>'
    ),
    "static/film-zh.srt": "1\n00:00:00,000 --> 00:00:02,000\n你好\n",
    "static/handout.pdf": "%PDF-1.4\n%%EOF\n",
}


SCORM_PAGE = """<!doctype html><title>SCO</title><p id="who"></p><button>Done</button><script>
let w = window; while (!w.API && w.parent !== w) w = w.parent;
const api = w.API; api.LMSInitialize("");
document.getElementById("who").textContent = "status " + api.LMSGetValue("cmi.core.lesson_status");
document.querySelector("button").onclick = () => {
  api.LMSSetValue("cmi.core.score.raw", "80"); api.LMSSetValue("cmi.core.lesson_status", "passed"); api.LMSCommit("");
};</script>"""


def scorm_package() -> bytes:
    """A SCORM 1.2 package of one page that finds its interface and reports 80 points."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("imsmanifest.xml", "<manifest/>")
        archive.writestr("index.html", SCORM_PAGE)
    return out.getvalue()


def _named(tag: str, name: str, inner: str) -> str:
    return f'<{tag} display_name="{name}">{inner}</{tag}>'


def write_block_course(folder: Path, units: dict[str, str] | None = None, more: dict[str, str] | None = None) -> Path:
    """Write the course as a folder; `units` replaces its units, `more` adds files."""
    chosen = UNITS if units is None else units
    files = {
        "sequential/s1.xml": "<sequential display_name='S'>"
        + "".join(f'<vertical url_name="{name}"/>' for name in chosen)
        + "</sequential>",
        **{f"vertical/{name}.xml": _named("vertical", name, inner) for name, inner in chosen.items()},
        **{f"problem/{name}.xml": _named("problem", name, inner) for name, inner in PROBLEMS.items()},
        **OTHERS,
        "policies/2026A/policy.json": '{"course/2026A": {"display_name": "B", "lti_passports": ["tool:key:secret"]}}',
        **(more or {}),
    }
    write_course(folder, files)
    package = folder / "scorm" / "k1" / "package.zip"
    package.parent.mkdir(parents=True, exist_ok=True)
    package.write_bytes(scorm_package())
    return folder
