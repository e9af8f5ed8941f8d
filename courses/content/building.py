"""From a course's folder to everything a version holds, as values: nothing is written here."""

import hashlib
import mimetypes
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from courses.content import limits, olx, openresponse, parsing, rules, xmlsafe
from courses.content.archives import walk
from courses.content.blocktypes import (
    COMPOSITES,
    CONTAINERS,
    EDX_ONLY,
    SUPPORTED_LEAVES,
    WANTING,
    UnknownBlockType,
)
from courses.content.models import BlockSupport
from courses.content.olx import Change, CourseTree, Node

PROGRESS_EVERY = 20  # blocks; often enough for a person, rarely enough for the database
Progress = Callable[[str, int, int], None]

# Definition files are blocks; what else lies in the folder is kept as a file and exported again.
DRAFTS = "drafts/"


@dataclass(slots=True)
class BlockDraft:
    """A block that is going to be a row."""

    usage_id: str
    block_type: str
    url_name: str
    parent_usage_id: str
    level: str
    unit_usage_id: str
    subsection_usage_id: str
    display_name: str
    fields: dict[str, dict[str, Any]]
    inherited: dict[str, Any]
    has_score: bool
    support: str
    reason: str
    needs_sandbox: bool
    olx: str
    files: set[str] = field(default_factory=set)
    hosts: set[str] = field(default_factory=set)

    @property
    def graded(self) -> bool:
        """True when its authors let it count: it has a score and stands where they grade."""
        return self.has_score and self.setting("graded") is True

    def setting(self, name: str) -> Any:
        """Return a setting as the block has or inherits it."""
        return self.fields.get("settings", {}).get(name, self.inherited.get(name))


@dataclass(frozen=True, slots=True)
class FileDraft:
    """A file that is going to be kept."""

    path: str
    source: Path
    sha256: str
    size: int
    media_type: str


@dataclass(slots=True)
class CourseContent:
    """Everything a version holds."""

    title: str
    run: str
    org: str
    course: str
    blocks: list[BlockDraft]
    files: list[FileDraft]
    course_policy: dict[str, Any]
    grading_policy: dict[str, Any]
    changes: list[Change]
    digest: str


def build(root: Path, *, progress: Progress = lambda _stage, _done, _total: None) -> CourseContent:
    """Read a checked course folder whole; a Refusal when it cannot be read whole."""
    tree = olx.read_tree(root)
    wrap_levels(tree)
    policy_path, course_policy = _policy(root, tree.run, "policy")
    grading_path, grading_policy = _policy(root, tree.run, "grading_policy")
    tree.used_files |= {policy_path, grading_path}
    blocks = _Blocks(root, tree, course_policy, progress).all()
    files = list(_files(root, tree.used_files, progress))
    if any(file.path.startswith(DRAFTS) for file in files):
        tree.changes.append(Change("drafts-left", blocks[0].usage_id))
    return CourseContent(
        title=blocks[0].display_name,
        run=tree.run,
        org=tree.org,
        course=tree.course,
        blocks=blocks,
        files=files,
        course_policy=course_policy,
        grading_policy=grading_policy,
        changes=tree.changes,
        digest=digest_of(
            (tree.run, tree.org, tree.course),
            blocks,
            {node.usage_id: node.html for node in tree.root.walk() if node.html is not None},
            files,
            (course_policy, grading_policy),
        ),
    )


def block_of(node: Node, policies: Mapping[str, Any]) -> BlockDraft:
    """Return one block as `build` would make it, without its place in a course; its files are not looked at."""
    tree = CourseTree(node, "", "", "", [], set())
    return _Blocks(Path(os.devnull), tree, dict(policies), lambda _stage, _done, _total: None).draft(node)


def settle(draft: BlockDraft, parent: BlockDraft | None, above: dict[str, Any]) -> dict[str, Any]:
    """Give a block its place below its parent, with what it inherits; returns what its own children inherit."""
    if parent is not None:
        draft.parent_usage_id, draft.level = parent.usage_id, rules.level_below(parent.level)
        draft.unit_usage_id, draft.subsection_usage_id = parent.unit_usage_id, parent.subsection_usage_id
        draft.has_score = draft.has_score and parent.block_type not in COMPOSITES  # the whole has one
    if draft.level == "unit":
        draft.unit_usage_id = draft.usage_id
    elif draft.level == "subsection":
        draft.subsection_usage_id = draft.usage_id
    draft.inherited = {name: value for name, value in above.items() if name not in draft.fields["settings"]}
    return rules.inherited(above, draft.fields["settings"], parsing.INHERITABLE)


def wrap_levels(tree: CourseTree) -> None:
    """Put a subsection or a unit around what stands too high, so that every course has the same four levels."""
    for section in tree.root.children:
        if section.tag != "chapter":
            continue
        section.children = [_wrapped(child, "sequential", section, tree) for child in section.children]
    tree.root.children = [_wrapped(child, "chapter", tree.root, tree) for child in tree.root.children]


def _wrapped(child: Node, tag: str, parent: Node, tree: CourseTree) -> Node:
    if child.tag == tag or child.tag == "videosequence":
        return child
    url_name = f"{child.tag}_{child.url_name}"[: limits.URL_NAME_CHARACTERS_MAX]
    element = etree.Element(tag, url_name=url_name)
    if child.element.get("display_name"):
        element.set("display_name", child.element.get("display_name") or "")
    element.append(etree.Element(child.tag, url_name=child.url_name))
    wrapper = Node(tag=tag, url_name=url_name, element=element, children=[child])
    for pointer in list(parent.element):
        if pointer.tag == child.tag and pointer.get("url_name") == child.url_name:
            parent.element.replace(pointer, etree.Element(tag, url_name=url_name))
    tree.changes.append(Change("level-wrapped", child.usage_id, wrapper.usage_id))
    if tag == "chapter":
        wrapper.children = [_wrapped(child, "sequential", wrapper, tree)]
    return wrapper


class _Blocks:
    """Walks the tree once, parents first, handing down what descendants inherit."""

    def __init__(self, root: Path, tree: CourseTree, policies: dict[str, Any], progress: Progress) -> None:
        self.root, self.tree, self.progress = root, tree, progress
        self.policies = {key: value for key, value in policies.items() if isinstance(value, dict)}
        self.done: list[BlockDraft] = []
        self.total = sum(1 for _node in tree.root.walk())

    def all(self) -> list[BlockDraft]:
        self._add(self.tree.root, None, {})
        return self.done

    def _add(self, node: Node, parent: BlockDraft | None, above: dict[str, Any]) -> None:
        draft = self.draft(node)
        below = settle(draft, parent, above)
        self.done.append(draft)
        if len(self.done) % PROGRESS_EVERY == 0 or len(self.done) == self.total:
            self.progress("parse", len(self.done), self.total)
        for child in node.children:
            self._add(child, draft, below)

    def draft(self, node: Node) -> BlockDraft:
        """Return the block, without its place."""
        support, reason, fields, has_score = self._judge(node)
        if node.tag == "video" and not node.broken:
            self._blank_youtube(node, fields)
        text = node.raw or etree.tostring(node.element, encoding="unicode", with_tail=False)
        files, hosts = asked_for(node.tag, text + (node.html or ""), fields)
        return BlockDraft(
            usage_id=node.usage_id,
            block_type=node.tag,
            url_name=node.url_name,
            parent_usage_id="",
            level="course",
            unit_usage_id="",
            subsection_usage_id="",
            display_name=_name(fields)[:500],
            fields=fields,
            inherited={},
            has_score=has_score,
            support=support,
            reason=reason[:500],
            needs_sandbox=node.tag == "problem" and rules.needs_sandbox(text),
            olx=text,
            files=files,
            hosts=hosts,
        )

    def _judge(self, node: Node) -> tuple[str, str, dict[str, dict[str, Any]], bool]:
        """Return support, reason, fields and whether the block has a score."""
        text = {} if node.html is None else {"data": node.html}
        empty: dict[str, dict[str, Any]] = {"settings": parsing.own_settings(node), "content": text}
        if node.broken:
            return BlockSupport.REFUSED, node.broken, empty, False
        if node.tag in CONTAINERS:
            policy = self.policies.get(f"{node.tag}/{node.url_name}", {})
            fields = parsing.structure_fields(node.element, policy)
            return BlockSupport.SUPPORTED, "", fields, False
        if node.tag in EDX_ONLY:
            return BlockSupport.PLACEHOLDER, "edx-only", empty, False
        try:
            parsed = parsing.parse_leaf(node, root=self.root, policies=self.policies)
        except UnknownBlockType:
            return BlockSupport.PLACEHOLDER, WANTING.get(node.tag, "unknown-type"), empty, False
        except parsing.CannotParse as error:
            return BlockSupport.REFUSED, f"cannot-parse: {error}", empty, False
        if node.tag not in SUPPORTED_LEAVES:
            return BlockSupport.PLACEHOLDER, WANTING.get(node.tag, "unknown-type"), parsed.fields, False
        if node.tag == openresponse.BLOCK_TYPE:
            return self._judge_open_response(node, parsed)
        return BlockSupport.SUPPORTED, "", parsed.fields, parsed.has_score

    def _judge_open_response(
        self, node: Node, parsed: parsing.Parsed
    ) -> tuple[str, str, dict[str, dict[str, Any]], bool]:
        """A task that learners cannot do here is kept; of one that they can, say what is left out."""
        missing = openresponse.what_is_missing(parsed.fields)
        if missing:
            return BlockSupport.PLACEHOLDER, missing, parsed.fields, False
        self.tree.changes += [Change(code, node.usage_id) for code in openresponse.what_is_left_out(parsed.fields)]
        return BlockSupport.SUPPORTED, "", parsed.fields, parsed.has_score

    def _blank_youtube(self, node: Node, fields: dict[str, dict[str, Any]]) -> None:
        """Switch off the class's default video: it would show where the authors set none, from a host out of reach."""
        if "youtube_id_1_0" not in fields["settings"]:
            fields["settings"]["youtube_id_1_0"] = ""
            self.tree.changes.append(Change("youtube-blanked", node.usage_id))


def _name(fields: Mapping[str, Mapping[str, Any]]) -> str:
    """Return what a block is called; polls, surveys and documents hold their name beside their content."""
    return str(fields["settings"].get("display_name") or fields["content"].get("display_name") or "")


def asked_for(block_type: str, text: str, fields: Mapping[str, Mapping[str, Any]]) -> tuple[set[str], set[str]]:
    """Return the course's own files that a block asks for, and the hosts that a page with it would load from."""
    files = set() if block_type == "course" else rules.static_files(text) | _transcripts(fields)
    return files, rules.foreign_hosts(text, fields)


def _transcripts(fields: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Return the caption files of a video: bare names in static/."""
    transcripts = fields["settings"].get("transcripts") or fields["content"].get("transcripts") or {}
    return {str(name) for name in transcripts.values() if name} if isinstance(transcripts, dict) else set()


def _policy(root: Path, run: str, name: str) -> tuple[str, dict[str, Any]]:
    """Return (path, JSON) of a policy file, in either layout; ("", {}) when the course has none."""
    old = f"policies/{run}.json" if name == "policy" else "grading_policy.json"
    for path in (f"policies/{run}/{name}.json", old):
        if (root / path).is_file():
            return path, xmlsafe.json_of(root / path, path)
    return "", {}


def _files(root: Path, used: set[str], progress: Progress) -> Iterator[FileDraft]:
    """Yield every file that is no definition of a block: static files, about pages, tabs, libraries, drafts."""
    for path, entry in walk(root):
        if path in used:
            continue
        sha256 = hashlib.sha256()
        with open(entry.path, "rb") as file:
            while part := file.read(1024 * 1024):
                sha256.update(part)
                progress("files", 0, 0)
        media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
        size = entry.stat(follow_symlinks=False).st_size
        yield FileDraft(path, Path(entry.path), sha256.hexdigest(), size, media_type)


def digest_of(
    named: tuple[str, str, str],
    blocks: list[BlockDraft],
    texts: Mapping[str, str],
    files: list[FileDraft],
    policies: tuple[dict[str, Any], dict[str, Any]],
) -> str:
    """Name the content by what its authors wrote; what this installation can do with it plays no part.

    `named` is run, organisation and course; `texts` holds what stands in a file beside a block's definition.
    """
    run, org, course = named
    return rules.digest(
        [
            {"run": run, "org": org, "course": course},
            *policies,
            *([block.usage_id, block.olx, texts.get(block.usage_id)] for block in blocks),
            *([file.path, file.sha256] for file in sorted(files, key=lambda file: file.path)),
        ]
    )
