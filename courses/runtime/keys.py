"""Our usage ids and the opaque keys that XBlocks expect."""

from opaque_keys.edx.locator import BlockUsageLocator, CourseLocator

ORGANIZATION = "guixue"  # blocks want one; ours are told apart by course label and run


def course_key(course_label: str, run_id: int) -> CourseLocator:
    """Return the key of a run as blocks see it; it holds nothing that changes when the course is renamed."""
    return CourseLocator(ORGANIZATION, course_label, f"r{run_id}")


def run_id(course: CourseLocator) -> int:
    """Return the run of a key; ValueError for a key that is not ours."""
    if course.org != ORGANIZATION or not str(course.run).startswith("r"):
        raise ValueError(str(course))
    return int(str(course.run)[1:])


def usage_key(course: CourseLocator, usage_id: str) -> BlockUsageLocator:
    """Return the opaque key of "problem@4a0070d6"."""
    block_type, _at, block_id = usage_id.partition("@")
    return BlockUsageLocator(course, block_type, block_id)


def usage_id(key: BlockUsageLocator) -> str:
    """Return our id of an opaque key."""
    return f"{key.block_type}@{key.block_id}"
