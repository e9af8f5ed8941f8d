"""A pytest plugin that puts our runtime into XBlock's own tests: `-p tests.courses.runtime.theirs`."""

from typing import Any
from uuid import UUID

import django

django.setup()

from xblock.runtime import MemoryIdManager, Runtime  # noqa: E402  # after setup
from xblock.test import tools  # noqa: E402

from courses.runtime.access import Place  # noqa: E402
from courses.runtime.grants import Grant  # noqa: E402
from courses.runtime.runtime import BlockMixin, UnitRuntime  # noqa: E402
from courses.runtime.services import services_for  # noqa: E402


class OurRuntime(UnitRuntime):
    """Our runtime as their tests make one: with their field data, ids, services and classes."""

    __test__ = False

    def __init__(self, *given: Any, **options: Any) -> None:
        place = Place("course", 1, 1, UUID(int=1))
        super().__init__(Grant(1, 1, 1, "vertical@v", "vertical@v", True, "en"), place, {})
        ids = MemoryIdManager()
        if not given:
            options.setdefault("id_reader", ids)
        options.setdefault("id_generator", ids)
        ours = services_for(self.grant, self.urls, self.rows, self.script_library)
        options["services"] = {**ours, **(options.get("services") or {})}
        options["mixins"] = (*options.get("mixins", ()), BlockMixin)
        Runtime.__init__(self, *given, **options)

    def get_block(self, usage_id: Any, for_parent: Any = None) -> Any:
        """Return a block of theirs: it stands in no unit of ours."""
        return Runtime.get_block(self, usage_id, for_parent=for_parent)

    def load_block_type(self, block_type: str) -> Any:
        """Return a class of theirs."""
        return Runtime.load_block_type(self, block_type)


tools.TestRuntime = OurRuntime
