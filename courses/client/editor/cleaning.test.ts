import { expect, test } from "vitest";
import { clean } from "./cleaning";

test("Word's markup is reduced to what it says", () => {
  const word = `<html xmlns:o="urn:x"><head><style>p.MsoNormal{margin:0}</style><meta name=Generator content="Microsoft Word 15"></head><body>
<!--StartFragment--><h1 style='x'>第一章<o:p></o:p></h1><p class=MsoNormal style='margin:0'><span lang=ZH-CN style='font-size:12pt'>甲</span><b><span>乙</span></b><o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal><span style='font-weight:bold'>丙</span><img src="file:///C:/x.png"></p><!--EndFragment--></body></html>`;
  expect(clean(word).replace(/\s*\n\s*/g, "").trim()).toBe("<h3>第一章</h3><p>甲<strong>乙</strong></p><p><strong>丙</strong></p>");
});

test("Word's lists become lists", () => {
  const item = (sign: string, level: number, text: string): string =>
    `<p class=MsoListParagraph style='mso-list:l0 level${level} lfo1'><span style='mso-list:Ignore'>${sign}<span>&nbsp;</span></span>${text}</p>`;
  const list = item("1.", 1, "一") + item("a)", 2, "二") + item("2.", 1, "三") + "<p>间</p>" + item("·", 1, "四");
  expect(clean(list)).toBe("<ol><li>一<ol><li>二</li></ol></li><li>三</li></ol><p>间</p><ul><li>四</li></ul>");
});

test("nothing that runs or loads comes along", () => {
  const page = '<div onclick="x()"><p id="a" style="color:red">甲 <a href="javascript:x()">乙</a> <a href="https://example.cn/" onclick="y()">丙</a></p><script>z()</script><img src="https://example.cn/t.gif"></div>';
  expect(clean(page)).toBe('<p>甲 乙 <a href="https://example.cn/">丙</a></p>');
});

test("tables keep their cells, not their looks", () => {
  expect(clean('<table width="300"><tr><td colspan="2" style="x"><p>甲</p></td></tr></table>')).toBe('<table><tr><td colspan="2"><p>甲</p></td></tr></table>'.replace("<tr>", "<tbody><tr>").replace("</tr>", "</tr></tbody>"));
});

test("what the editor itself has copied stays whole", () => {
  const own = '<p data-pm-slice="1 1 []" data-extra="[]">甲</p>';
  expect(clean(own)).toBe(own);
});
