#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: PLC0415, S311, S603, S607 - an author's tool: it draws, and starts ffmpeg and espeak-ng
# mypy: allow-untyped-defs, allow-untyped-calls
"""Draw the figures, the three short films and the hand-out of this course.

The course does not need this script at run time: everything it makes is kept
in ``static/``. Run it again after changing a number or a sentence::

    python make_media.py            # everything
    python make_media.py figures    # SVG and PNG figures, course image
    python make_media.py videos     # MP4, poster and SRT captions
    python make_media.py handout    # one-page PDF

Needs Pillow, ffmpeg, espeak-ng, fontconfig and a Noto Sans CJK SC font; the
hand-out needs WeasyPrint too. All random numbers come from fixed seeds, so the
pictures are the same each time.

The narration is read by espeak-ng from the toned pinyin in ``FILMS``, because
its Mandarin voice does not read Han characters in every build. The length of
each spoken sentence sets the length of its caption and of its animation.
"""

import math
import random
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"

BLUE, GREEN, PLUM, ORANGE = "#12436D", "#28A197", "#801650", "#F46A25"
INK, GREY, RULE, WHITE = "#1A1A1A", "#505A5F", "#C8CED3", "#FFFFFF"

DAYS = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]
BOWLS = [96, 102, 98, 105, 100, 99, 240]
CALM = [142.0, 142.1, 142.0, 141.9, 142.0]
WILD = [141.0, 143.5, 142.2, 140.8, 142.5]
NOTE = "示例数据"


# --- drawing -----------------------------------------------------------------


def font_file(bold):
    pattern = "Noto Sans CJK SC:bold" if bold else "Noto Sans CJK SC"
    out = subprocess.check_output(["fc-match", "-f", "%{file}|%{index}", pattern], text=True)
    name, index = out.split("|")
    return name, int(index)


_FONTS: dict[tuple[int, bool], ImageFont.FreeTypeFont] = {}


def font(size, bold=False):
    key = (size, bold)
    if key not in _FONTS:
        name, index = font_file(bold)
        _FONTS[key] = ImageFont.truetype(name, size, index=index)
    return _FONTS[key]


def mix(colour, share, ground=WHITE):
    """``colour`` laid over ``ground`` with opacity ``share``."""
    a = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    b = [int(ground[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(y + (x - y) * share):02X}" for x, y in zip(a, b, strict=True))


class Board:
    """A white picture drawn at double size and scaled down, so edges are smooth."""

    K = 2

    def __init__(self, width, height):
        self.size = (width, height)
        self.image = Image.new("RGB", (width * self.K, height * self.K), WHITE)
        self.pen = ImageDraw.Draw(self.image)

    def rect(self, x, y, w, h, fill):
        if w >= 1 and h >= 1:
            k = self.K
            self.pen.rectangle([x * k, y * k, (x + w) * k - 1, (y + h) * k - 1], fill=fill)

    def line(self, x1, y1, x2, y2, fill=INK, width=2, dash=0):
        k = self.K
        if not dash:
            self.pen.line([x1 * k, y1 * k, x2 * k, y2 * k], fill=fill, width=round(width * k))
            return
        length = math.hypot(x2 - x1, y2 - y1)
        steps = int(length // dash)
        for i in range(0, steps + 1, 2):
            a, b = i * dash / length, min(1, (i + 1) * dash / length)
            self.line(x1 + (x2 - x1) * a, y1 + (y2 - y1) * a, x1 + (x2 - x1) * b, y1 + (y2 - y1) * b, fill, width)

    def dot(self, x, y, r, fill):
        k = self.K
        self.pen.ellipse([(x - r) * k, (y - r) * k, (x + r) * k, (y + r) * k], fill=fill)

    def square(self, x, y, r, fill):
        self.rect(x - r, y - r, 2 * r, 2 * r, fill)

    def text(self, x, y, words, size=18, fill=INK, bold=False, anchor="lt"):
        k = self.K
        self.pen.text((x * k, y * k), words, font=font(size * k, bold), fill=fill, anchor=anchor)

    def done(self):
        return self.image.resize(self.size, Image.Resampling.LANCZOS)


def say(*words):
    sys.stdout.write(" ".join(str(word) for word in words) + "\n")


def ease(value):
    value = max(0.0, min(1.0, value))
    return value * value * (3 - 2 * value)


def between(a, b, p):
    return a + (b - a) * p


# --- figures -----------------------------------------------------------------

SVG_FONT = "Noto Sans SC, Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, sans-serif"


def svg(name, width, height, title, desc, parts):
    body = "\n".join(parts)
    (STATIC / name).write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-labelledby="t d" font-family="{SVG_FONT}" font-size="20">\n'
        f'<title id="t">{title}</title>\n<desc id="d">{desc}</desc>\n'
        f'<rect width="{width}" height="{height}" fill="{WHITE}"/>\n{body}\n</svg>\n',
        encoding="utf-8",
    )


def s_text(x, y, words, fill=INK, anchor="start", bold=False, size=None):
    extra = (' font-weight="700"' if bold else "") + (f' font-size="{size}"' if size else "")
    return f'<text x="{x:g}" y="{y:g}" fill="{fill}" text-anchor="{anchor}"{extra}>{words}</text>'


def s_line(x1, y1, x2, y2, stroke=INK, width=2.0, dash=""):
    extra = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="{stroke}" stroke-width="{width:g}"{extra}/>'


def s_rect(x, y, w, h, fill):
    return f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" fill="{fill}"/>'


def figure_mean_median():
    parts = [s_text(20, 34, "一个240，拉高了平均数", bold=True, size=24), s_text(540, 386, NOTE, GREY, "end", size=18)]
    base, scale, step = 320, 0.9, 74
    for i, value in enumerate(sorted(BOWLS)):
        x = 28 + i * step
        fill = ORANGE if value == 240 else GREEN if value == 100 else BLUE
        parts.append(s_rect(x, base - value * scale, 48, value * scale, fill))
        ink = WHITE if fill == BLUE else INK
        parts.append(s_text(x + 24, base - value * scale + 28, str(value), ink, "middle", bold=True))
    parts.append(s_line(16, base, 546, base))
    y = base - 120 * scale
    parts.append(s_line(16, y, 458, y, PLUM, 3, "9 6"))
    parts.append(s_text(16, y - 12, "平均数120", PLUM, bold=True))
    parts.append(s_text(28 + 3 * step + 24, base + 28, "中位数100", "#0B6B63", "middle", bold=True))
    svg(
        "fig-mean-median.svg",
        560,
        400,
        "一个240，拉高了平均数",
        "七天销量从小到大排成柱形：96、98、99、100、102、105、240。平均数120的虚线高过前六根柱子，排在第四的100是中位数。",
        parts,
    )


def figure_spread():
    parts = [
        s_text(20, 34, "平均水位相同，起伏差很多", bold=True, size=24),
        s_text(540, 386, NOTE, GREY, "end", size=18),
    ]

    def place(i, value):
        return 90 + i * 90, 310 - (value - 140.5) * 76

    for tick in (141, 142, 143):
        y = place(0, tick)[1]
        parts.append(s_line(66, y, 480, y, RULE, 1))
        parts.append(s_text(56, y + 7, f"{tick}", GREY, "end"))
    parts.append(s_text(20, 66, "水位（米）", GREY, size=18))
    for i in range(5):
        parts.append(s_text(90 + i * 90, 346, f"第{i + 1}天", GREY, "middle"))
    for values, colour, words, dy in ((CALM, BLUE, "第一周", -14), (WILD, ORANGE, "第二周", 8)):
        points = " ".join(f"{place(i, v)[0]:g},{place(i, v)[1]:.1f}" for i, v in enumerate(values))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="4"/>')
        for i, v in enumerate(values):
            x, y = place(i, v)
            if colour == BLUE:
                parts.append(f'<circle cx="{x:g}" cy="{y:.1f}" r="7" fill="{colour}"/>')
            else:
                parts.append(s_rect(x - 7, round(y - 7, 1), 14, 14, colour))
        x, y = place(4, values[-1])
        parts.append(s_text(x + 16, y + dy + (20 if colour == BLUE else 0), words, INK, bold=True))
    svg(
        "fig-spread.svg",
        560,
        400,
        "平均水位相同，起伏差很多",
        "两条折线，平均都是142.0米。第一周几乎是平的，在141.9米到142.1米之间；第二周上下起伏，在140.8米到143.5米之间。",
        parts,
    )


def figure_axis():
    parts = [
        s_text(20, 34, "换一个起点，差距就变了样", bold=True, size=24),
        s_text(540, 386, NOTE, GREY, "end", size=18),
    ]
    base, tall = 300, 210
    for left, low, high, head in ((20, 93, 97, "纵轴从93%开始"), (300, 0, 100, "纵轴从0开始")):
        parts.append(s_text(left + 120, 72, head, INK, "middle", bold=True))
        parts.append(s_line(left + 52, base - tall, left + 52, base, INK))
        parts.append(s_line(left + 52, base, left + 240, base, INK))
        for tick in (low, high):
            y = base - (tick - low) / (high - low) * tall
            parts.append(s_text(left + 46, y + 7, f"{tick}%", GREY, "end", size=18))
        for i, (shop, value, colour) in enumerate((("甲店", 94, BLUE), ("乙店", 96, ORANGE))):
            h = (value - low) / (high - low) * tall
            x = left + 74 + i * 86
            parts.append(s_rect(x, round(base - h, 1), 56, round(h, 1), colour))
            inside = h > 60
            parts.append(
                s_text(
                    x + 28,
                    base - h + (26 if inside else -8),
                    f"{value}%",
                    (WHITE if colour == BLUE else INK) if inside else INK,
                    "middle",
                    bold=True,
                )
            )
            parts.append(s_text(x + 28, base + 28, shop, INK, "middle"))
    svg(
        "fig-axis.svg",
        560,
        400,
        "换一个起点，差距就变了样",
        "同一组好评率画两次，甲店94%，乙店96%。左图纵轴从93%开始，乙店的柱子是甲店的三倍高；右图纵轴从0开始，两根柱子几乎一样高。",
        parts,
    )


def figure_intervals():
    """Twenty simulated surveys; the seed is the first with one clear miss, the usual case."""
    seed = 0
    while True:
        seed += 1
        dice = random.Random(seed)
        means = []
        for _ in range(20):
            sample = [dice.gauss(148, 8) for _ in range(100)]
            mean = sum(sample) / 100
            sd = math.sqrt(sum((v - mean) ** 2 for v in sample) / 99)
            means.append((mean, 2 * sd / 10))
        misses = [i for i, (m, h) in enumerate(means) if abs(m - 148) > h]
        near = [i for i, (m, h) in enumerate(means) if abs(abs(m - 148) - h) < 0.2]
        if len(misses) == 1 and not near and 5 < misses[0] < 14:
            break
    parts = [
        s_text(20, 34, "20次抽样，19条盖住了真值", bold=True, size=24),
        s_text(540, 486, NOTE + "（模拟）", GREY, "end", size=18),
    ]

    def x(value):
        return 60 + (value - 143) * 50

    parts.append(s_line(x(148), 74, x(148), 428, INK, 2, "7 5"))
    parts.append(s_text(x(148), 66, "全县平均148厘米", INK, "middle", size=18))
    for i, (mean, half) in enumerate(means):
        y = 88 + i * 17
        missed = i in misses
        colour = ORANGE if missed else BLUE
        parts.append(s_line(round(x(mean - half), 1), y, round(x(mean + half), 1), y, colour, 7 if missed else 4))
        parts.append(f'<circle cx="{x(mean):.1f}" cy="{y}" r="5" fill="{colour}"/>')
        if missed:
            side = x(mean + half) + 10 if mean > 148 else x(mean - half) - 10
            parts.append(s_text(round(side, 1), y + 7, "没盖住", INK, "start" if mean > 148 else "end", bold=True))
    parts.append(s_line(60, 436, 520, 436, INK, 1.5))
    for tick in (144, 146, 148, 150, 152):
        parts.append(s_line(x(tick), 436, x(tick), 442, INK, 1.5))
        parts.append(s_text(x(tick), 462, str(tick), GREY, "middle", size=18))
    svg(
        "fig-intervals.svg",
        560,
        500,
        "20次抽样，19条盖住了真值",
        "二十条横线，每条是一次抽样算出的95%置信区间。竖虚线是全县平均148厘米。十九条横线碰到虚线，一条粗的橙色横线没有碰到，旁边写着没盖住。",
        parts,
    )
    say("fig-intervals: seed", seed, "misses", misses)


def tea_data():
    dice = random.Random(7)
    days = []
    for hot in (False, True):
        for _ in range(22):
            warm = dice.uniform(33, 37) if hot else dice.uniform(23, 27)
            tea = (150 if hot else 60) + dice.gauss(0, 20)
            ill = (17 if hot else 6) + dice.gauss(0, 2.6)
            days.append((hot, warm, max(15, tea), max(1, ill)))
    return days


def correlation(pairs):
    n = len(pairs)
    mx, my = sum(p[0] for p in pairs) / n, sum(p[1] for p in pairs) / n
    sxy = sum((a - mx) * (b - my) for a, b in pairs)
    sxx = sum((a - mx) ** 2 for a, _ in pairs)
    syy = sum((b - my) ** 2 for _, b in pairs)
    return sxy / math.sqrt(sxx * syy)


def figure_tea():
    days = tea_data()
    for label, rows in (("all", days), ("cool", [d for d in days if not d[0]]), ("hot", [d for d in days if d[0]])):
        say("fig-tea-heat:", label, round(correlation([(d[2], d[3]) for d in rows]), 2))
    board = Board(1120, 800)
    board.text(40, 32, "按天气分开看，关系就没了", 48, INK, True)
    left, base, wide, tall = 110, 680, 950, 530

    def place(tea, ill):
        return left + tea / 220 * wide, base - ill / 26 * tall

    board.line(left, base, left + wide, base, INK, 3)
    board.line(left, base - tall, left, base, INK, 3)
    for tick in (0, 50, 100, 150, 200):
        board.text(place(tick, 0)[0], base + 16, str(tick), 36, GREY, anchor="mt")
    for tick in (5, 10, 15, 20, 25):
        y = place(0, tick)[1]
        board.line(left, y, left + wide, y, RULE, 1)
        board.text(left - 14, y, str(tick), 36, GREY, anchor="rm")
    board.text(40, 104, "当天中暑就诊（人）", 36, GREY)
    board.text(left + wide, base + 62, "当天卖出的凉茶（杯）", 36, GREY, anchor="rt")
    board.text(40, base + 62, NOTE, 36, GREY)
    for hot, _, tea, ill in days:
        x, y = place(tea, ill)
        if hot:
            board.square(x, y, 11, ORANGE)
        else:
            board.dot(x, y, 12, BLUE)
    board.text(place(12, 0)[0], place(0, 16.6)[1], "25度左右的日子", 40, BLUE, True)
    board.text(place(150, 0)[0], place(0, 23.6)[1], "35度左右的日子", 40, INK, True, "mt")
    board.done().quantize(64).save(STATIC / "fig-tea-heat.png", optimize=True)


def course_image():
    board = Board(1280, 720)
    board.rect(0, 0, 1280, 720, WHITE)
    for column in range(-13, 14):
        colour = ORANGE if column > 8 else GREEN if column < -4 else BLUE
        for level in range(max(1, round(14 * math.exp(-column * column / 42)))):
            board.dot(640 + column * 44, 655 - level * 31, 13, colour)
    board.rect(0, 676, 1280, 6, INK)
    board.text(72, 62, "生活中的统计学", 88, INK, True)
    board.text(76, 176, "广西大学 STAT101", 40, GREY)
    board.done().save(STATIC / "course-image.jpg", quality=82, optimize=True, progressive=True)


def figures():
    figure_mean_median()
    figure_spread()
    figure_axis()
    figure_intervals()
    figure_tea()
    course_image()


# --- films -------------------------------------------------------------------

W, H, FPS = 640, 360, 15
LEAD, GAP, TAIL = 0.6, 0.7, 1.6

# name: sentences, each (Chinese caption, English caption, toned pinyin for the voice)
FILMS = {
    "mean-median": [
        (
            "一家螺蛳粉店，记下了七天的销量。",
            "A luosifen shop wrote down its sales for seven days.",
            "yi4 jia1 luo2 si1 fen3 dian4, ji4 xia4 le5 qi1 tian1 de5 xiao1 liang4.",
        ),
        (
            "六天都是一百碗上下。",
            "On six days it sold about one hundred bowls.",
            "liu4 tian1 dou1 shi4 yi4 bai3 wan3 shang4 xia4.",
        ),
        (
            "周日来了旅行团，卖了二百四十碗。",
            "On Sunday a tour group came: two hundred and forty bowls.",
            "zhou1 ri4 lai2 le5 lv3 xing2 tuan2, mai4 le5 er4 bai3 si4 shi2 wan3.",
        ),
        (
            "七天加起来除以七，平均数是一百二十碗。",
            "Add the seven days and divide by seven: the mean is 120 bowls.",
            "qi1 tian1 jia1 qi3 lai2 chu2 yi3 qi1, ping2 jun1 shu4 shi4 yi4 bai3 er4 shi2 wan3.",
        ),
        (
            "可是有六天，都没有卖到一百二十碗。",
            "Yet on six of the days it sold fewer than 120.",
            "ke3 shi4 you3 liu4 tian1, dou1 mei2 you3 mai4 dao4 yi4 bai3 er4 shi2 wan3.",
        ),
        (
            "从小到大排好，正中间是一百碗。这是中位数。",
            "Put the days in order. The middle one is 100: the median.",
            "cong2 xiao3 dao4 da4 pai2 hao3, zheng4 zhong1 jian1 shi4 yi4 bai3 wan3. zhe4 shi4 zhong1 wei4 shu4.",
        ),
        (
            "一个特别大的数，拉得动平均数，拉不动中位数。",
            "One very large number pulls the mean. It does not pull the median.",
            "yi2 ge4 te4 bie2 da4 de5 shu4, la1 de5 dong4 ping2 jun1 shu4, la1 bu2 dong4 zhong1 wei4 shu4.",
        ),
    ],
    "axis-trick": [
        (
            "两家店的好评率：甲店百分之九十四，乙店百分之九十六。",
            "Good reviews: shop A 94 per cent, shop B 96 per cent.",
            "liang3 jia1 dian4 de5 hao3 ping2 lv4: "
            "jia3 dian4 bai3 fen1 zhi1 jiu3 shi2 si4, yi3 dian4 bai3 fen1 zhi1 jiu3 shi2 liu4.",
        ),
        (
            "在这张图里，乙店的柱子是甲店的三倍高。",
            "In this chart the bar of shop B is three times as tall.",
            "zai4 zhe4 zhang1 tu2 li3, yi3 dian4 de5 zhu4 zi5 shi4 jia3 dian4 de5 san1 bei4 gao1.",
        ),
        (
            "问题出在纵轴：它从百分之九十三开始。",
            "The trouble is the vertical axis: it starts at 93 per cent.",
            "wen4 ti2 chu1 zai4 zong4 zhou2: ta1 cong2 bai3 fen1 zhi1 jiu3 shi2 san1 kai1 shi3.",
        ),
        (
            "把纵轴拉回零，两根柱子几乎一样高。",
            "Bring the axis back to zero and the bars are almost level.",
            "ba3 zong4 zhou2 la1 hui2 ling2, liang3 gen1 zhu4 zi5 ji1 hu1 yi2 yang4 gao1.",
        ),
        (
            "看柱形图，先看纵轴从哪里开始。",
            "When you read a bar chart, look first where the axis starts.",
            "kan4 zhu4 xing2 tu2, xian1 kan4 zong4 zhou2 cong2 na3 li3 kai1 shi3.",
        ),
    ],
    "sampling-error": [
        (
            "全县两千名六年级学生，平均身高一百四十八厘米。",
            "Two thousand sixth-graders in a county: mean height 148 cm.",
            "quan2 xian4 liang3 qian1 ming2 liu4 nian2 ji2 xue2 sheng1, "
            "ping2 jun1 shen1 gao1 yi4 bai3 si4 shi2 ba1 li2 mi3.",
        ),
        (
            "随机抽十个人，算出平均身高，画一个点。",
            "Draw ten pupils at random, take their mean, plot one dot.",
            "sui2 ji1 chou1 shi2 ge4 ren2, suan4 chu1 ping2 jun1 shen1 gao1, hua4 yi2 ge4 dian3.",
        ),
        (
            "再抽很多次，点会散开。",
            "Draw again and again. The dots spread out.",
            "zai4 chou1 hen3 duo1 ci4, dian3 hui4 san4 kai1.",
        ),
        (
            "每个点和真值的差，就是抽样误差。",
            "How far a dot is from the true value is its sampling error.",
            "mei3 ge4 dian3 he2 zhen1 zhi2 de5 cha1, jiu4 shi4 chou1 yang4 wu4 cha1.",
        ),
        (
            "改成每次抽一百个人，点就靠近多了。",
            "Draw one hundred pupils each time and the dots move closer.",
            "gai3 cheng2 mei3 ci4 chou1 yi4 bai3 ge4 ren2, dian3 jiu4 kao4 jin4 duo1 le5.",
        ),
        (
            "随机抽样，样本越大，抽样误差一般越小。",
            "With random samples, the larger the sample, the smaller the error tends to be.",
            "sui2 ji1 chou1 yang4, yang4 ben3 yue4 da4, chou1 yang4 wu4 cha1 yi4 ban1 yue4 xiao3.",
        ),
    ],
}


class Clock:
    """When each sentence starts and ends, and how far the film is inside it."""

    def __init__(self, lengths):
        self.spans = []
        at = LEAD
        for length in lengths:
            self.spans.append((at, at + length))
            at += length + GAP
        self.total = math.ceil((at - GAP + TAIL) * FPS) / FPS

    def p(self, t, i, delay=0.0, over=1.2):
        return ease((t - self.spans[i][0] - delay) / over)


def head(board, words):
    board.text(24, 18, words, 26, INK, True)
    board.text(W - 24, 22, NOTE, 16, GREY, anchor="rt")


def draw_mean_median(board, t, c):
    turn, final = c.p(t, 5, 0.2, 1.6), c.p(t, 6)
    head(
        board,
        "平均数和中位数" if t < c.spans[3][0] else "平均数120碗" if t < c.spans[5][0] else "平均数120碗，中位数100碗",
    )
    base, scale = 272, 0.82
    order = sorted(range(7), key=lambda i: BOWLS[i])
    for i, value in enumerate(BOWLS):
        grow = c.p(t, 2, 0.2) if i == 6 else c.p(t, 0, 0.5 + i * 0.22, 0.8)
        x = 52 + between(i, order.index(i), turn) * 80
        h = value * scale * grow
        low = i != 6 and c.p(t, 4) > 0.01
        colour = ORANGE if i == 6 else BLUE
        if value == 100 and turn > 0:
            colour = mix(GREEN, turn, BLUE)
        elif low and turn == 0:
            colour = mix(PLUM, 0.5 + 0.5 * math.cos(math.pi * c.p(t, 4)), BLUE) if c.p(t, 4) < 1 else BLUE
        board.rect(x, base - h, 52, h, colour)
        if grow > 0.9:
            ink = INK if i == 6 or (value == 100 and turn > 0.5) else WHITE
            board.text(x + 26, base - h + 8, str(value), 20, ink, True, "mt")
        board.text(x + 26, base + 8, DAYS[i], 18, GREY, anchor="mt")
    board.line(36, base, W - 36, base, INK, 2)
    mean = c.p(t, 3, 0.8)
    if mean > 0:
        y = base - 120 * scale
        board.line(36, y, between(36, 528, mean), y, PLUM, 2.5, 7)
        if mean > 0.9:
            board.text(40, y - 8, "平均数120", 20, PLUM, True, "lb")
            if c.p(t, 4) > 0 and turn == 0:
                board.text(190, y - 8, "六天低于它", 20, INK, True, "lb")
    if turn > 0.95 or final > 0:
        x = 52 + 3 * 80 + 26
        y = base - 100 * scale
        board.line(x, y - 4, x, y - 56, "#0B6B63", 2.5)
        board.text(x, y - 60, "中位数100", 20, "#0B6B63", True, "mb")


def nice_step(span):
    for step in (1, 2, 5, 10, 25):
        if span / step <= 5:
            return step
    return 25


def draw_axis(board, t, c):
    back = c.p(t, 3, 0.3, 3.0)
    head(board, "好评率：乙店是甲店的三倍？" if back < 0.5 else "好评率：只差2个百分点")
    base, tall, left = 268, 196, 150
    high = between(97, 100, back)
    span = 4 * (25**back)
    low = max(0.0, high - span)
    step = nice_step(high - low)
    board.line(left, base - tall, left, base, INK, 2)
    board.line(left, base, 560, base, INK, 2)
    tick = math.ceil(low / step - 1e-6) * step
    while tick <= high + 1e-6:
        y = base - (tick - low) / (high - low) * tall
        board.line(left - 6, y, left, y, INK, 2)
        board.text(left - 12, y, f"{tick:g}%", 18, GREY, anchor="rm")
        tick += step
    for i, (shop, value, colour) in enumerate((("甲店", 94, BLUE), ("乙店", 96, ORANGE))):
        grow = c.p(t, 0, 1.0 + i * 2.2, 1.0)
        h = (value - low) / (high - low) * tall * grow
        x = 220 + i * 170
        board.rect(x, base - h, 92, h, colour)
        if grow > 0.9:
            board.text(x + 46, base - h - 4, f"{value}%", 22, INK, True, "mb")
        board.text(x + 46, base + 8, shop, 20, INK, anchor="mt")
    three = c.p(t, 1, 1.2) * (1 - ease(back * 4))
    if three > 0:
        for j in range(3):
            y = base - tall / 4 * (j + 1)
            board.line(494, y, 520, y, mix(PLUM, three), 2.5)
            board.text(526, y + tall / 8, f"{j + 1}份", 18, mix(PLUM, three), True, "lm")
        board.line(507, base, 507, base - tall * 0.75, mix(PLUM, three), 2.5)
    warn = c.p(t, 2, 0.4) * (1 - ease(back * 4))
    if warn > 0:
        board.line(56, base, 86, base, mix(PLUM, warn), 3)
        board.line(86, base, 78, base - 7, mix(PLUM, warn), 3)
        board.line(86, base, 78, base + 7, mix(PLUM, warn), 3)
        board.text(86, base + 12, "起点93%", 18, mix(PLUM, warn), True, "rt")
    if back > 0.98:
        board.text(86, base, "起点0", 18, "#0B6B63", True, "rm")


def population():
    dice = random.Random(2026)
    raw = [dice.gauss(0, 1) for _ in range(2000)]
    mean = sum(raw) / 2000
    sd = math.sqrt(sum((v - mean) ** 2 for v in raw) / 2000)
    return [148 + 8 * (v - mean) / sd for v in raw]


def sample_means(size, times, seed):
    dice = random.Random(seed)
    people = population()
    picks = [dice.sample(range(2000), size) for _ in range(times)]
    return picks, [sum(people[i] for i in pick) / size for pick in picks]


PICKS10, MEANS10 = sample_means(10, 40, 3)
PICKS100, MEANS100 = sample_means(100, 40, 4)


def draw_sampling(board, t, c):
    head(board, "每次抽样，结果都不一样" if t < c.spans[4][0] else "样本越大，点越集中")
    move = c.p(t, 1, 0.0, 1.0)
    show = c.p(t, 0, 0.4, 1.4)
    large = t >= c.spans[4][0]

    # how many samples have fallen so far
    first = int(c.p(t, 1, 2.6, 0.2) > 0.5)
    start, end = c.spans[2][0] + 0.3, c.spans[3][0] + 1.2
    n10 = max(first, min(40, first + int(39 * max(0, t - start) / (end - start))))
    start, end = c.spans[4][0] + 0.8, c.spans[5][0] + 0.6
    n100 = min(40, int(40 * max(0, t - start) / (end - start)))
    pick: list[int] = []
    if large and n100:
        pick = PICKS100[n100 - 1]
    elif not large and c.p(t, 1, 1.0) > 0:
        pick = PICKS10[max(0, n10 - 1)]
    chosen = set(pick)

    x0, y0 = between(192, 26, move), 66
    dx, dy = between(5.2, 3.2, move), between(5.0, 4.4, move)
    for i in range(int(2000 * show)):
        col, row = i % 50, i // 50
        if i not in chosen:
            x, y = x0 + col * dx, y0 + row * dy
            board.rect(x, y, 1.9, 1.9, "#7F8D99")
    for i in chosen:
        board.dot(x0 + i % 50 * dx + 1, y0 + i // 50 * dy + 1, 2.6 if large else 4, ORANGE)
    board.text(x0 + 25 * dx, y0 + 40 * dy + 8, "2000名学生", 18, INK, anchor="mt")
    if move < 0.5:
        board.text(480, 150, "平均身高", 20, INK, anchor="lm")
        board.text(480, 178, "148厘米", 26, INK, True, "lm")
        return

    def at(value):
        return 236 + (value - 141) * 26.5

    for base, n, means, count, colour in ((150, 10, MEANS10, n10, BLUE), (270, 100, MEANS100, n100, GREEN)):
        if n == 100 and not large:
            continue
        board.line(226, base, 620, base, INK, 1.5)
        board.text(228, base - 82, f"每次抽{n}人", 18, INK, True)
        stack: dict[int, int] = {}
        for value in means[:count]:
            column = round((value - 148) / 0.36)
            stack[column] = stack.get(column, 0) + 1
            board.dot(at(148 + column * 0.36), base - 5 - (stack[column] - 1) * 9, 4.4, colour)
    bottom = 270 if large else 150
    board.line(at(148), 72, at(148), bottom, PLUM, 1.5, 5)
    for tick in (142, 144, 146, 148, 150, 152, 154):
        board.text(at(tick), bottom + 5, str(tick), 16, PLUM if tick == 148 else GREY, tick == 148, "mt")
    if not large and c.p(t, 3, 0.6) > 0:
        far = max(MEANS10, key=lambda v: abs(v - 148))
        board.line(at(148), 196, at(far), 196, ORANGE, 3)
        for end in (148, far):
            board.line(at(end), 190, at(end), 202, ORANGE, 3)
        board.text((at(148) + at(far)) / 2, 206, "抽样误差", 20, INK, True, "mt")


DRAW = {"mean-median": draw_mean_median, "axis-trick": draw_axis, "sampling-error": draw_sampling}


def stamp(seconds):
    ms = round(seconds * 1000)
    return f"{ms // 3600000:02d}:{ms // 60000 % 60:02d}:{ms // 1000 % 60:02d},{ms % 1000:03d}"


def speak(folder, i, pinyin):
    """One sentence as mono 22.05 kHz samples, silence cut off both ends."""
    raw = folder / f"{i}.wav"
    cut = folder / f"{i}-cut.wav"
    subprocess.run(["espeak-ng", "-v", "cmn-latn-pinyin", "-s", "175", "-p", "38", "-w", raw, pinyin], check=True)
    trim = "silenceremove=start_periods=1:start_threshold=-50dB,areverse"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-i", raw, "-af", f"{trim},{trim}", "-ar", "22050", "-ac", "1", cut], check=True
    )
    with wave.open(str(cut)) as sound:
        return sound.readframes(sound.getnframes())


def film(name):
    lines = FILMS[name]
    with tempfile.TemporaryDirectory() as temp:
        folder = Path(temp)
        voices = [speak(folder, i, line[2]) for i, line in enumerate(lines)]
        clock = Clock([len(v) / 2 / 22050 for v in voices])
        track = bytearray(int(clock.total * 22050) * 2)
        for (start, _), voice in zip(clock.spans, voices, strict=True):
            at = int(start * 22050) * 2
            track[at : at + len(voice)] = voice
        with wave.open(str(folder / "voice.wav"), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(22050)
            sound.writeframes(bytes(track))
        for column, language in ((0, "zh"), (1, "en")):
            blocks = []
            for i, (line, (start, end)) in enumerate(zip(lines, clock.spans, strict=True), 1):
                blocks.append(f"{i}\n{stamp(start)} --> {stamp(end + GAP - 0.1)}\n{line[column]}\n")
            (STATIC / f"{name}-{language}.srt").write_text("\n".join(blocks), encoding="utf-8")
        command = [
            "ffmpeg", "-v", "error", "-y",
            "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{W}x{H}", "-r", str(FPS), "-i", "-",
            "-i", str(folder / "voice.wav"),
            "-c:v", "libx264", "-profile:v", "baseline", "-level", "3.0", "-pix_fmt", "yuv420p",
            "-preset", "slow", "-tune", "animation", "-crf", "24", "-g", str(FPS * 4), "-threads", "1",
            "-af", "loudnorm=I=-22:TP=-3:LRA=7", "-ar", "44100", "-ac", "1", "-c:a", "aac", "-b:a", "48k",
            "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact",
            "-movflags", "+faststart", "-shortest", str(STATIC / f"{name}.mp4"),
        ]  # fmt: skip
        pipe = subprocess.Popen(command, stdin=subprocess.PIPE)
        assert pipe.stdin is not None
        frames = round(clock.total * FPS)
        poster_at = clock.spans[2][0] + 0.2 if name == "axis-trick" else clock.total - 0.2
        for f in range(frames):
            board = Board(W, H)
            DRAW[name](board, f / FPS, clock)
            picture = board.done()
            if f == min(frames - 1, int(poster_at * FPS)):
                picture.save(STATIC / f"{name}.jpg", quality=84, optimize=True)
            pipe.stdin.write(picture.tobytes())
        pipe.stdin.close()
        if pipe.wait():
            raise SystemExit("ffmpeg failed")
    say(name, f"{clock.total:.1f} s", (STATIC / f"{name}.mp4").stat().st_size // 1024, "KiB")


def videos():
    for name in FILMS:
        film(name)


# --- hand-out ----------------------------------------------------------------

HANDOUT = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>生活中的统计学：一页纸</title>
<style>
@page { size: A4; margin: 18mm 18mm 16mm }
body { font: 11pt/1.7 "Noto Sans CJK SC", "Noto Sans SC", sans-serif; color: #1A1A1A }
h1 { font-size: 22pt; margin: 0 0 2mm } h2 { font-size: 13.5pt; margin: 5mm 0 1.5mm; color: #12436D }
p { margin: 0 0 1.5mm } table { border-collapse: collapse; width: 100% }
th, td { border-bottom: .3mm solid #C8CED3; padding: 1.2mm 2mm; text-align: left; vertical-align: top }
th { width: 26%; font-weight: 700 } .end { margin-top: 6mm; color: #505A5F; font-size: 9.5pt }
</style></head><body>
<h1>生活中的统计学：一页纸</h1>
<p>广西大学 STAT101。看一个数字之前，先问下面这些话。</p>
<h2>一、描述数据</h2>
<table>
<tr><th scope="row">平均数</th><td>总和÷个数。每个数都算进去，怕特别大或特别小的数。</td></tr>
<tr><th scope="row">中位数</th><td>从小到大排，取正中间；个数是双数时，取中间两个的平均。不怕个别的大数。</td></tr>
<tr><th scope="row">极差</th><td>最大－最小。只看两头。</td></tr>
<tr><th scope="row">标准差</th><td>各数离平均数大约有多远。全都一样时是0，不会是负数。</td></tr>
</table>
<h2>二、看图四问</h2>
<p>纵轴从哪里开始？横轴的间隔一样吗？数据从哪来，有多少？画图的人想让人相信什么？</p>
<h2>三、抽样与推断</h2>
<table>
<tr><th scope="row">随机样本</th><td>总体里每个人都有机会，机会由抽签决定。大而不随机的样本，照样会偏。</td></tr>
<tr><th scope="row">标准误</th><td>标准差÷√样本量。样本量变成4倍，标准误变成一半。</td></tr>
<tr><th scope="row">95%置信区间</th><td>样本平均数±2×标准误。照这个办法做100次，大约95条区间能盖住真值。</td></tr>
</table>
<h2>四、相关不是因果</h2>
<p>两个量一起变，先找三种别的解释：碰巧；方向反了；还有第三个量同时影响两边。</p>
<p class="end">本页可以自由复制和改编，须注明出处并以相同方式共享（CC BY-SA 4.0）。</p>
</body></html>"""


def handout():
    from weasyprint import HTML  # only this step needs it

    HTML(string=HANDOUT).write_pdf(STATIC / "handout.pdf", pdf_variant="pdf/ua-1")
    say("handout.pdf", (STATIC / "handout.pdf").stat().st_size // 1024, "KiB")


def main(names):
    STATIC.mkdir(exist_ok=True)
    steps = {"figures": figures, "videos": videos, "handout": handout}
    for name in names or steps:
        steps[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
