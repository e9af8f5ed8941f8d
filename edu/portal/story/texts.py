"""What the course page of the demo says, in both languages."""

from courses.api import CourseText

CHINESE = CourseText(
    title="生活中的统计学",
    lead="用广西日常的例子，讲清平均数、抽样和置信区间，看出数字在哪里会骗人。",
    body=[
        {
            "type": "about",
            "value": {
                "text": "<p>螺蛳粉店该备多少料？漓江水位平均142米，坐竹筏安全吗？新闻里说“抽样调查显示”，能信几分？"
                "课程用这样的问题讲清统计学最常用的几个想法。</p><p>不要求学过高等数学，会加减乘除和开平方就够了。"
                "课中数字均为示例数据。</p>"
            },
        },
        {
            "type": "outcomes",
            "value": {
                "items": [
                    "为一组数选对平均数或中位数，并报出离散程度",
                    "看出截断纵轴等画图花招",
                    "判断一个样本会不会偏，算出标准误和95%置信区间",
                    "看到相关时，先找三种别的解释",
                ]
            },
        },
        {
            "type": "syllabus",
            "value": {
                "parts": [
                    {"when": "第一章", "title": "描述数据", "topics": ["平均数和中位数", "离散程度与图", "第一章测验"]},
                    {
                        "when": "第二章",
                        "title": "抽样与推断",
                        "topics": ["样本与抽样误差", "置信区间与因果", "第二章测验", "期末测验"],
                    },
                ]
            },
        },
        {
            "type": "teachers",
            "value": {
                "people": [{"name": "覃立新", "position": "数学与信息科学学院", "about": "讲授统计学入门课程。"}]
            },
        },
        {
            "type": "assessment",
            "value": {
                "parts": [
                    {"name": "平时测验", "weight_percent": 40, "note": "每章一次，各可尝试三次"},
                    {"name": "期末测验", "weight_percent": 60, "note": "可尝试两次"},
                ],
                "note": "总成绩60分通过。",
            },
        },
        {
            "type": "licence",
            "value": {"name": "CC BY-SA 4.0", "url": "", "note": "文字与影像可再用，须署名并同样授权"},
        },
    ],
)

ENGLISH = CourseText(
    title="Statistics in everyday life",
    lead="Means, samples and confidence intervals, explained with everyday life in Guangxi. Taught in Chinese.",
    body=[
        {
            "type": "about",
            "value": {
                "text": "<p>How much should a noodle shop prepare? The river is 142 m above the sea on average: is "
                "rafting safe? The course answers such questions with the ideas of statistics that are used "
                "most. No higher mathematics is needed. All figures are examples.</p>"
            },
        },
        {
            "type": "outcomes",
            "value": {
                "items": [
                    "Choose between mean and median, and report the spread",
                    "See through cut axes and other tricks of charts",
                    "Judge whether a sample is biased; compute a standard error and a 95% confidence interval",
                    "Look for three other explanations before taking a correlation for a cause",
                ]
            },
        },
        {
            "type": "syllabus",
            "value": {
                "parts": [
                    {
                        "when": "Chapter 1",
                        "title": "Describing data",
                        "topics": ["Mean and median", "Spread and charts", "Quiz"],
                    },
                    {
                        "when": "Chapter 2",
                        "title": "Sampling and inference",
                        "topics": ["Samples and sampling error", "Confidence and causes", "Quiz", "Final test"],
                    },
                ]
            },
        },
        {
            "type": "assessment",
            "value": {
                "parts": [
                    {"name": "Chapter quizzes", "weight_percent": 40, "note": "one a chapter, three attempts each"},
                    {"name": "Final test", "weight_percent": 60, "note": "two attempts"},
                ],
                "note": "60 points pass.",
            },
        },
        {"type": "licence", "value": {"name": "CC BY-SA 4.0", "url": "", "note": ""}},
    ],
)

# What the author adds to the draft: the unit, the name of the block, its text.
REVISION = (
    "vertical@u11b-mean-median",
    "补充：什么时候看中位数",
    "收入、房价这类数据常有少数特别大的值，平均数会被拉高。\n\n这时先看中位数，再看平均数，两者差得越远，越要问一句：是谁把它拉开的？",
)
