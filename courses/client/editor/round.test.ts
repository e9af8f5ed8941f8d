import { expect, test } from "vitest";
import { asHtml, read } from "./reading";
import { normal, open, sameHtml } from "./same";
import { write } from "./writing";

const KEPT = {
  "paragraphs": "<p>一</p>\n<p>二 <b>三</b></p>",
  "text without a paragraph": "只有文字，<i>没有</i>段落",
  "nesting the other way round": "<p><i><b>x</b></i> <b><i>y</i></b></p>",
  "two tags side by side": "<p><b>x</b><b>y</b></p>",
  "the same tag twice": "<p><span class='a'><span class='b'>x</span></span></p>",
  "classes, ids, styles": '<div class="note" id="n1"><p style="color: red" data-x="1">x</p></div>',
  "items without paragraphs": "<ul>\n<li>一</li>\n<li>二<ol start='3'><li>三</li></ol></li><li></li></ul>",
  "a table with all its parts": '<table class="t"><caption>表 <b>1</b></caption><colgroup><col span="2"></colgroup><thead><tr><th scope="col">甲</th><th>乙</th></tr></thead><tbody class="z"><tr><td colspan="2">丙</td></tr></tbody><tbody><tr><td>丁</td><td><p>戊</p></td></tr></tbody></table>',
  "pictures": '<p><img src="/static/fig.png" alt="图 1" width="300"> 文 <img src="/static/dot.png" alt=""><img src="x.png"></p>',
  "formulas": "<p>\\(a &lt; b\\) 与 \\[ \\frac{1}{2} \\]，[mathjaxinline]x_1[/mathjaxinline]</p>",
  "MathML": '<p>设 <math><mi>x</mi></math> 为数</p><math display="block"><mi>y</mi></math>',
  "frames and scripts": '<iframe src="https://example.cn/" title="x"></iframe> <script>if (a < b) { go("<p>"); }</script><p>x</p><style>p > a { color: red }</style>',
  "comments": "<!-- 头 --><p>x<!-- 中 --></p><!-- 尾 -->",
  "empty tags": '<p><a id="top"></a><i class="fa fa-x"></i>x</p><div class="clear"></div><p></p>',
  "a link around blocks": '<a href="/x"><div>块</div></a>',
  "verbatim text": "<pre>\n\n  a\n   b <b>c</b>\n</pre>",
  "code in pre": "<pre><code class='python'>if a &lt; b:\n    pass\n</code></pre>",
  "a broken list": "<ul>文字<li>x</li></ul>",
  "white space": "<p>\n  a\n  <b> b </b>\n c <br>\n d</p>",
  "hard spaces": "<p>&nbsp;a&nbsp;&nbsp;b</p>",
  "definitions": "<dl><dt>词</dt><dd>义</dd></dl>",
  "a form": "<form action='/x'><input name='a'><p>文</p></form>",
  "links of the course": '<p><a href="/jump_to_id/u12" target="_blank">下一单元</a></p>',
  "text around blocks": "前<p>中</p>后 <b>末</b>",
  "details": "<details open><summary>题</summary><p>文</p></details>",
  "ampersands in addresses": '<p><a href="/x?a=1&amp;b=2&quot;">x</a></p>',
};

test.each(Object.entries(KEPT))("nothing is lost of %s", (_name, html) => {
  const opened = open(html);
  if (!("doc" in opened)) throw new Error(opened.why);
  const written = write(opened.doc);
  expect(normal(written)).toBe(normal(html));
  expect(write(read(written))).toBe(written); // writing settles at once
});

test("the editor stays away from a table that it would fill up", () => {
  expect(open("<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></tbody></table>")).toEqual({ why: "table" });
});

test("an empty text is opened", () => {
  expect(open(" \n")).toHaveProperty("doc");
});

test.each([
  ["<p>a</p>", "<p>b</p>"],
  ["<p>a</p>", "<div>a</div>"],
  ["<p>a <b>b</b></p>", "<p>a<b> b</b></p>"],
  ["<p>a b</p>", "<p>ab</p>"],
  ["<p class='x'>a</p>", "<p>a</p>"],
  ["<p>a<!--x--></p>", "<p>a</p>"],
  ["<pre>a  b</pre>", "<pre>a b</pre>"],
  ["<p>a&nbsp;</p>", "<p>a </p>"],
  ["<p>a</p><p></p>", "<p>a</p>"],
])("%s and %s are told apart", (one, other) => {
  expect(sameHtml(one, other)).toBe(false);
});

test("white space that shows nothing does not count", () => {
  expect(sameHtml("<ul>\n <li> a\n b</li>\n</ul>", "<ul><li>a b</li></ul>")).toBe(true);
  expect(sameHtml("<p>a<br>\n b</p>", "<p>a <br>b</p>")).toBe(true);
});

test("text without tags is paragraphs", () => {
  expect(write(read(asHtml("一\n二\n\n三 & 四")))).toBe("<p>一<br>二</p>\n<p>三 &amp; 四</p>");
  expect(write(read(asHtml("")))).toBe("<p></p>");
});
