"""How a learner of the story answers the graded problems of the demo's course."""

from collections.abc import Mapping

# Input of CAPA: the name of the field, then what is sent. Lists are several ticked boxes.
RIGHT: Mapping[str, str | list[str]] = {
    "c1q1-typical": "choice_1",
    "c1q2-median": "70",
    "c1q3-sd": ["choice_0", "choice_1"],
    "c1q4-axis": "3倍",
    "c2q1-sample": "choice_2",
    "c2q2-se": "2",
    "c2q3-name": "抽样误差",
    "c2q4-third": "气温",
    "fq1-pull": "choice_1",
    "fq2-mean": "90",
    "fq3-chart": ["choice_0", "choice_1"],
    "fq4-upper": "64",
    "fq5-meaning": "照这个办法反复抽样，大约95%的区间能盖住真值",
    "fq6-cause": "choice_2",
}
SLIPS: Mapping[str, str | list[str]] = {"c2q2-se": "20", "fq4-upper": "46"}  # what the first student gets wrong


def fields(problem: str, answer: str | list[str]) -> dict[str, str | list[str]]:
    """Return the form fields that a browser would send for an answer."""
    name = f"input_{problem}_2_1"
    return {f"{name}[]": answer} if isinstance(answer, list) else {name: answer}
