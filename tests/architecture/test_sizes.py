"""Files and functions stay small enough to be read in one sitting."""

import ast

from tests.architecture.sources import files, name

FILE_LINES_MAX = 600  # architecture.md §6; over 400 wants splitting
FUNCTION_LINES_MAX = 70
# One file by purpose: a verifier downloads it, reads it and carries it away.
ALONE = {"credits/checking/verify_certificate.py": 950}
LINES_OF_CODE = (".py", ".ts", ".css", ".html")


def test_no_file_is_longer_than_can_be_read() -> None:
    lengths = {name(path): len(path.read_text("utf-8").splitlines()) for path in files(*LINES_OF_CODE)}
    assert {path: lines for path, lines in lengths.items() if lines > ALONE.get(path, FILE_LINES_MAX)} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {}
    for path in files(".py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES_MAX:
                    long[f"{name(path)}:{node.name}"] = lines
    assert long == {}
