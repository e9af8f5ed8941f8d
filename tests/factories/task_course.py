"""A course of tasks in learners' own words: one unit for every state in which a page may show one."""

from pathlib import Path

from tests.factories.block_course import write_block_course

OPEN = 'start="2001-01-01T00:00:00+00:00" due="2999-01-01T00:00:00+00:00"'
SELF = f'<assessment name="self-assessment" {OPEN}/>'
PEER = f'<assessment name="peer-assessment" must_grade="1" must_be_graded_by="1" {OPEN}/>'
STAFF = '<assessment name="staff-assessment" required="True"/>'
SAMPLE = (
    '<assessment name="student-training"><example><answer><part>有一户收入是别人的一百倍，平均数因此翻了一番，'
    "中位数几乎没有动。所以看村里的一般情况，中位数更老实。</part></answer>"
    '<select criterion="ideas" option="good"/><select criterion="style" option="clear"/></example></assessment>'
)
STEPS: dict[str, str] = {
    "new": SELF,
    "draft": SELF,
    "closed": SELF,
    "training": SAMPLE + SELF,
    "peers": PEER,
    "peer": PEER,
    "alone": PEER,
    "self": SELF,
    "waiting": STAFF,
    "grading": STAFF,
    "files": SELF,
    "files-new": SELF,
    "files-peer": PEER,
    "done": PEER + STAFF,
    "cancelled": STAFF,
}
NAMES = {
    "new": "还没有作答",
    "draft": "存了草稿",
    "closed": "时间已过",
    "training": "先评样例",
    "peers": "可以互评",
    "peer": "正在互评",
    "alone": "还没有同学",
    "self": "自评",
    "waiting": "等老师评分",
    "grading": "老师正在评",
    "files": "附上文件",
    "files-new": "还没有文件",
    "files-peer": "评带文件的作答",
    "done": "已有得分",
    "cancelled": "被撤回",
}
PROMPTS = (
    "<prompts><prompt><description>村里十户人家的年收入里有一户特别高。要说明“一般人家”的收入，"
    "用平均数还是中位数？说出理由。</description></prompt>"
    "<prompt><description>再举一个身边的例子。</description></prompt></prompts>"
)
RUBRIC = (
    "<rubric><criterion feedback='optional'><name>ideas</name><label>说理</label><prompt>理由说清楚了吗？</prompt>"
    "<option points='0'><name>none</name><label>没有</label><explanation>只有结论，没有理由</explanation></option>"
    "<option points='2'><name>some</name><label>部分</label><explanation>有理由，没有数</explanation></option>"
    "<option points='4'><name>good</name><label>清楚</label><explanation>有理由，也有数</explanation></option>"
    "</criterion>"
    "<criterion feedback='optional'><name>style</name><label>表达</label><prompt>别人读得懂吗？</prompt>"
    "<option points='0'><name>unclear</name><label>读不懂</label><explanation/></option>"
    "<option points='2'><name>clear</name><label>读得懂</label><explanation/></option></criterion>"
    "<feedbackprompt>对整篇作答还有什么要说？</feedbackprompt></rubric>"
)
FILES = 'file_upload_response="optional" file_upload_type="pdf-and-image" allow_multiple_files="true"'
CLOSED = 'submission_start="2001-01-01T00:00:00+00:00" submission_due="2020-01-01T00:00:00+00:00"'
ANY_TIME = 'submission_start="2001-01-01T00:00:00+00:00" submission_due="2999-01-01T00:00:00+00:00"'


def task_olx(state: str) -> str:
    """Return the task of a state as authors write it."""
    times = CLOSED if state == "closed" else ANY_TIME
    files = FILES if state.startswith("files") else ""
    return (
        f'<openassessment {times} {files} text_response="required" text_response_editor="text" prompts_type="text" '
        f'show_rubric_during_response="true"><title>平均数还是中位数</title>'
        f"<assessments>{STEPS[state]}</assessments>{PROMPTS}{RUBRIC}</openassessment>"
    )


def write_task_course(folder: Path) -> Path:
    """Write the course as a folder; unit `vertical@<state>` holds task `openassessment@<state>`."""
    units = {state: f'<openassessment url_name="{state}"/>' for state in STEPS}
    return write_block_course(
        folder,
        units,
        {
            **{f"openassessment/{state}.xml": task_olx(state) for state in STEPS},
            **{
                f"vertical/{state}.xml": f'<vertical display_name="{NAMES[state]}">{inner}</vertical>'
                for state, inner in units.items()
            },
        },
    )
