"""Sample values for the styleguide: invented people and courses, in the page's language."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest

from edu.design import icons
from edu.design.charts import Bar, BarChart, LineChart, Series
from edu.design.forms import UiForm
from edu.design.templatetags.specimen import say
from edu.design.values import Chip, ComparisonLine, SummaryRow, Tab, Task, TimelineEntry
from edu.kernel.clock import SHANGHAI

Pair = tuple[str, str]
NOON = dt.datetime(2026, 11, 22, 14, 2, tzinfo=SHANGHAI)


class SpecimenForm(UiForm):
    """Every kind of control, in the order of a plausible application."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._name_fields()
        self._choice_fields()
        self._proof_fields()

    def _name_fields(self) -> None:
        self.fields["name"] = forms.CharField(
            label=say("姓名", "Full name"),
            max_length=50,
            help_text=say("与学籍一致，例如 阿依古丽·买买提", "As in your student record"),
        )
        self.fields["pinyin"] = forms.CharField(label=say("姓名拼音", "Name in pinyin"), required=False)
        self.fields["finished_on"] = forms.DateField(
            label=say("修读结束日期", "Last day of study"), widget=forms.DateInput(attrs={"type": "date"})
        )
        self.fields["term"] = forms.CharField(
            label=say("修读学期", "Term"),
            error_messages={
                "required": say("填写修读学期，例如 2025-2026 第一学期", "Enter the term, like 2025-2026, first")
            },
        )

    def _choice_fields(self) -> None:
        school = [("", say("选择学校", "Choose a school")), ("gxu", say("广西大学", "Guangxi University"))]
        self.fields["school"] = forms.ChoiceField(label=say("来源院校", "Host institution"), choices=school)
        results = [
            ("full", say("认定", "Recognise")),
            ("part", say("部分认定", "Recognise in part")),
            ("back", say("退回补正", "Return for correction")),
            ("none", say("不予认定", "Do not recognise")),
        ]
        self.fields["result"] = forms.ChoiceField(
            label=say("审核结果", "Result"),
            widget=forms.RadioSelect,
            choices=results,
            error_messages={"required": say("选择一个审核结果", "Choose a result")},
        )
        papers = [("t", say("成绩单", "Transcript")), ("s", say("课程大纲", "Syllabus"))]
        self.fields["papers"] = forms.MultipleChoiceField(
            label=say("随附材料", "Papers enclosed"),
            widget=forms.CheckboxSelectMultiple,
            choices=papers,
            required=False,
        )

    def _proof_fields(self) -> None:
        self.fields["reason"] = forms.CharField(
            label=say("理由", "Reason"),
            widget=forms.Textarea,
            help_text=say("学生会看到这段文字。", "The student will read this."),
        )
        self.fields["scan"] = forms.FileField(
            label=say("成绩单扫描件", "Scan of the transcript"),
            required=False,
            help_text=say(
                "PDF、JPG 或 PNG，每个不超过 10 MB；手机拍照也可", "PDF, JPG or PNG up to 10 MB; a photo will do"
            ),
        )
        self.fields["sure"] = forms.BooleanField(
            label=say("以上内容属实，同意学校核对", "What I wrote is true, and the university may check it"),
            error_messages={"required": say("勾选后才能提交", "Tick the box to go on")},
        )


# number, name, home, course, slot, credit points, tone, status, days, handler; pairs are Chinese and English
CASES: list[tuple[str, str, Pair, Pair, Pair, str, str, Pair, int, str]] = [
    ("000123", "韦秀兰", ("桂林电子科技大学", "Guilin UET"), ("数据结构与算法", "Data Structures"),
     ("程序设计基础（二）", "Programming II"), "2.5", "warn", ("待补正", "Correction"), 9, "覃志明"),
    ("000131", "阿依古丽·买买提江·吐尔逊", ("广西师范大学", "Guangxi Normal"), ("中国近现代史纲要", "Modern History"),
     ("中国近现代史纲要", "Modern History"), "3", "info", ("审核中", "In review"), 6, "覃志明"),
    ("000140", "黄䶮", ("广西民族大学", "Guangxi Minzu"), ("壮语基础会话", "Zhuang Conversation"),
     ("通识选修（语言类）", "General elective, languages"), "1.5", "neutral", ("待分配", "Unassigned"), 3, ""),
    ("000144", "李建国", ("百色学院", "Baise University"), ("高等数学（上）", "Advanced Mathematics I"),
     ("高等数学 A1", "Mathematics A1"), "5", "ok", ("已认定", "Recognised"), 2, "罗艳"),
    ("000147", "梁嘉怡", ("河池学院", "Hechi University"), ("大学英语视听说", "English Listening and Speaking"),
     ("大学英语（三）", "College English III"), "2", "bad", ("不予认定", "Not recognised"), 1, "罗艳"),
]  # fmt: skip


def _cases() -> list[dict[str, Any]]:
    return [
        {
            "number": f"GX-2026-{number}", "name": name, "home": say(*home), "course": say(*course),
            "target": say(*slot), "points": Decimal(points), "tone": tone, "status": say(*status),
            "days": days, "by": by,
        }
        for number, name, home, course, slot, points, tone, status, days, by in CASES
    ]  # fmt: skip


def _lists() -> dict[str, Any]:
    """Values of summary list, tasks and timeline."""
    return {
        "summary": [
            SummaryRow(say("姓名", "Full name"), "韦秀兰", "#"),
            SummaryRow(
                say("来源课程", "Host course"),
                say("数据结构与算法（桂林电子科技大学，48 学时）", "Data Structures (48 hours)"),
                "#",
            ),
            SummaryRow(say("姓名拼音", "Name in pinyin"), "", "#"),
        ],
        "tasks": [
            Task(say("个人信息", "About you"), say("已完成", "Completed"), "done", "#"),
            Task(
                say("学习经历", "What you studied"),
                say("进行中", "In progress"),
                "info",
                "#",
                say("已填 2 门课程", "2 courses entered"),
            ),
            Task(
                say("成绩单", "Transcript"),
                say("待补正", "To correct"),
                "warn",
                "#",
                say("第 2 页看不清，重新拍照", "Page 2 cannot be read; take it again"),
            ),
            Task(say("核对并提交", "Check and submit"), say("还不能开始", "Cannot start yet")),
        ],
        "timeline": [
            TimelineEntry(
                say("退回补正", "Returned for correction"),
                NOON,
                "覃志明",
                say("成绩单第 2 页看不清。", "Page 2 cannot be read."),
                "current",
            ),
            TimelineEntry(say("受理", "Accepted for review"), NOON - dt.timedelta(days=3), "覃志明"),
            TimelineEntry(say("提交申请", "Submitted"), NOON - dt.timedelta(days=9), "韦秀兰"),
        ],
    }


def _comparisons() -> dict[str, Any]:
    """Values of comparison table, tabs and chips."""
    return {
        "comparison": [
            ComparisonLine(
                say("课程", "Course"),
                say("数据结构与算法", "Data Structures and Algorithms"),
                say("程序设计基础（二）", "Programming II"),
            ),
            ComparisonLine(say("学分", "Credits"), "2.5", "3.0", True, say("少 0.5 学分", "0.5 fewer")),
            ComparisonLine(say("学时", "Contact hours"), "48", "48"),
            ComparisonLine(
                say("内容", "Content"),
                say("线性表、树、图、排序", "Lists, trees, graphs, sorting"),
                say("线性表、树、图、排序、递归", "Lists, trees, graphs, sorting, recursion"),
                True,
                say("缺：递归", "Missing: recursion"),
            ),
            ComparisonLine(say("成绩", "Grade"), say("87（百分制）", "87 of 100"), say("60 及格", "pass at 60")),
        ],
        "tabs": [
            Tab(say("我的待办", "Mine"), "?view=mine", True, 12),
            Tab(say("全部待审", "All waiting"), "?view=all", False, 128),
            Tab(say("待补正", "With the student"), "?view=back", False, 17),
            Tab(say("已办结", "Finished"), "?view=done"),
        ],
        "chips": [
            Chip(say("来源院校：桂林电子科技大学", "From: Guilin University of Electronic Technology"), "#"),
            Chip(say("等待超过 5 天", "Waiting over 5 days"), "#"),
        ],
    }


def _charts() -> dict[str, Any]:
    places = [
        ("南宁", "Nanning", 4218),
        ("桂林", "Guilin", 2870),
        ("柳州", "Liuzhou", 1932),
        ("百色", "Baise", 1406),
        ("河池", "Hechi", 1188),
        ("崇左", "Chongzuo", 866),
    ]
    source = say("来源：桂学学分账，截至 2026-11-22 24:00", "Source: Guixue credit ledger, to 2026-11-22 24:00")
    return {
        "bars": BarChart(
            say("百色的跨校修读已超过千人次", "Baise has passed a thousand cross-enrolments"),
            [Bar(say(zh, en), n, f"{n:,}", zh == "百色") for zh, en, n in places],
            (say("设区市", "Prefecture"), say("人次", "Enrolments")),
            source,
            "#",
        ),
        "lines": LineChart(
            say("认定用时两年内缩短一半", "Recognition takes half as long as two years ago"),
            ["2024-1", "2024-2", "2025-1", "2025-2", "2026-1"],
            [
                Series(say("区内", "Guangxi"), [18, 16, 13, 11, 9]),
                Series(say("跨省", "Other provinces"), [24, 23, None, 20, 17]),
            ],
            say("天", "days"),
            source,
            "#",
        ),
    }


def context(request: HttpRequest) -> dict[str, Any]:
    """Return everything the styleguide shows; the faulty form is bound to half an answer."""
    files = {"scan": SimpleUploadedFile("a.pdf", b"x")}
    return {
        "base": "base_staff.html" if request.GET.get("base") == "staff" else "base.html",
        "crumbs": [(say("首页", "Home"), "#"), (say("界面规范", "Styleguide"), "")],
        "blank": SpecimenForm(prefix="blank"),
        "faulty": SpecimenForm({"faulty-name": "韦秀兰", "faulty-pinyin": "Wei Xiulan"}, files, prefix="faulty"),
        "cases": _cases(),
        "listing": Paginator(range(12480), 50).get_page(request.GET.get("page", 4)),
        "letter": say(
            "韦秀兰同学：\n您申请认定的《数据结构与算法》不含“递归”内容，本次认定2.5学分。",
            "Dear Wei Xiulan,\nData Structures is recognised with 2.5 credits; recursion is not covered.",
        ),
        "now": NOON,
        "icon_names": sorted(icons.names()),
        "two_and_half": Decimal("2.50"),
        **_lists(),
        **_comparisons(),
        **_charts(),
    }
