import { EditorState, NodeSelection, TextSelection, type Command } from "prosemirror-state";
import { expect, test } from "vitest";
import { addressOf, heading, linkAt, plain, putPicture, putTable, removeLink, setLink } from "./commands";
import { DOES } from "./editor";
import { read } from "./reading";
import { write } from "./writing";

/** A text whose selection stands where [ and ] stand in it. */
function at(html: string): EditorState {
  let state = EditorState.create({ doc: read(html) });
  const places: number[] = [];
  for (const sign of ["[", "]"]) {
    state.doc.descendants((node, pos) => {
      const place = node.text?.indexOf(sign) ?? -1;
      if (place < 0 || places.length > ["[", "]"].indexOf(sign)) return;
      places.push(pos + place);
      state = state.apply(state.tr.delete(pos + place, pos + place + 1));
    });
  }
  const [from = 1, to = from] = places;
  return state.apply(state.tr.setSelection(TextSelection.create(state.doc, from, to)));
}

function after(state: EditorState, command: Command | undefined): EditorState {
  let now = state;
  expect(command?.(state, (tr) => (now = state.apply(tr)))).toBe(true);
  return now;
}

const html = (state: EditorState): string => write(state.doc).replace(/\n/g, "");

test("bold goes on and off, whatever tag made it", () => {
  const bold = after(at("<p>a[bc]d</p>"), DOES["bold"]);
  expect(html(bold)).toBe("<p>a<strong>bc</strong>d</p>");
  expect(html(after(bold, DOES["bold"]))).toBe("<p>abcd</p>");
  expect(html(after(at("<p><b class='x'>[ab]</b></p>"), DOES["bold"]))).toBe("<p>ab</p>");
});

test("paragraphs become headings and plain again, and keep what they carried", () => {
  const made = after(at("<p>a[]b</p>"), heading(3));
  expect(html(made)).toBe("<h3>ab</h3>");
  expect(html(after(made, plain))).toBe("<p>ab</p>");
});

test("paragraphs become a list without paragraphs in its items, and come out again", () => {
  const list = after(at("<p>[a</p><p>b]</p>"), DOES["bullets"]);
  expect(html(list)).toBe("<ul><li>a</li><li>b</li></ul>");
  expect(html(after(list, DOES["numbers"]))).toBe("<ol><li>a</li><li>b</li></ol>");
  expect(html(after(list, DOES["bullets"]))).toBe("<p>a</p><p>b</p>");
});

test("an item goes below the one before it, and back", () => {
  const sunk = after(at("<ul><li>a</li><li>b[]</li></ul>"), DOES["indent"]);
  expect(html(sunk)).toBe("<ul><li>a<ul><li>b</li></ul></li></ul>");
  expect(html(after(sunk, DOES["outdent"]))).toBe("<ul><li>a</li><li>b</li></ul>");
});

test("links are put, changed with all else they had, and removed", () => {
  expect(html(after(at("<p>a[bc]d</p>"), setLink("/jump_to_id/u1", "")))).toBe('<p>a<a href="/jump_to_id/u1">bc</a>d</p>');
  expect(html(after(at("<p>a[]d</p>"), setLink("https://x.cn/", "词")))).toBe('<p>a<a href="https://x.cn/">词</a>d</p>');
  const old = at('<p>x<a href="/a" target="_blank">b[]c</a>y</p>');
  expect(addressOf(linkAt(old)!.mark)).toBe("/a");
  expect(html(after(old, setLink("/static/b.pdf", "")))).toBe('<p>x<a href="/static/b.pdf" target="_blank">bc</a>y</p>');
  expect(html(after(old, removeLink))).toBe("<p>xbcy</p>");
  expect(linkAt(at("<p>a[]b</p>"))).toBeNull();
});

test("pictures are put and changed; a size belongs to its file", () => {
  expect(html(after(at("<p>a[]b</p>"), putPicture("/static/f.png", "图")))).toBe('<p>a<img src="/static/f.png" alt="图">b</p>');
  let state = EditorState.create({ doc: read('<p><img src="/static/f.png" width="9" class="c"></p>') });
  state = state.apply(state.tr.setSelection(NodeSelection.create(state.doc, 1)));
  expect(html(after(state, putPicture("/static/f.png", "图")))).toBe('<p><img src="/static/f.png" alt="图" class="c" width="9"></p>');
  expect(html(after(state, putPicture("/static/g.png", "")))).toBe('<p><img src="/static/g.png" alt="" class="c"></p>');
});

test("a table is put with its heads, and grows by a row in its body", () => {
  const made = after(at("<p>a[]</p>"), putTable({ rows: 1, columns: 2, head: true, caption: "表 <1>" }));
  expect(html(made)).toBe('<p>a</p><table><caption>表 &lt;1&gt;</caption><thead><tr><th scope="col"></th><th scope="col"></th></tr></thead><tbody><tr><td></td><td></td></tr></tbody></table>');
  const grown = after(made, DOES["row-after"]);
  expect(html(grown)).toContain("<tbody><tr><td></td><td></td></tr><tr><td></td><td></td></tr></tbody>");
  expect(putTable({ rows: 1, columns: 1, head: false, caption: "" })(made)).toBe(false);
});

test("a new row joins the part of the table beside it", () => {
  const table = '<table><thead><tr><th>甲</th></tr></thead><tbody class="z"><tr><td>[]乙</td></tr><tr><td>丙</td></tr></tbody></table>';
  const grown = html(after(at(table), DOES["row-after"]));
  expect(grown).toBe('<table><thead><tr><th>甲</th></tr></thead><tbody class="z"><tr><td>乙</td></tr><tr><td></td></tr><tr><td>丙</td></tr></tbody></table>');
  const first = html(after(at(table.replace("[]", "").replace("甲", "甲[]")), DOES["row-after"]));
  expect(first).toBe('<table><thead><tr><th>甲</th></tr></thead><tbody class="z"><tr><td></td></tr><tr><td>乙</td></tr><tr><td>丙</td></tr></tbody></table>');
});

test("two lines in one item become paragraphs, so that they do not run together", () => {
  const state = at("<ul><li>ab[]cd</li></ul>");
  const split = state.apply(state.tr.split(state.selection.from));
  expect(html(split)).toBe("<ul><li><p>ab</p><p>cd</p></li></ul>");
});
