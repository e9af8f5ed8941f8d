"""What is wrong with bytes that came from outside: one code for machines, a few words for people. Pure."""


class Fault(ValueError):
    """Bytes that are not what they should be; `code` is stable, `detail` says where."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
