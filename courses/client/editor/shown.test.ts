import { expect, test } from "vitest";
import { addressFrom } from "./asking";
import { mathIn, pictureUrl } from "./shown";

test("pictures of the draft are shown, others are not loaded", () => {
  const files = "https://c.example/d/a/1/";
  expect(pictureUrl("/static/图 1.png", files)).toBe(`${files}${encodeURIComponent("图 1.png")}`);
  expect(pictureUrl("/static/a%20b.png", files)).toBe(`${files}a%20b.png`);
  expect(pictureUrl("/static/a/b.png", files)).toBe(`${files}a/b.png`);
  expect(pictureUrl("https://elsewhere.example/t.gif", files)).toBe("");
  expect(pictureUrl("/account/", files)).toBe("");
});

test("formulas are shown without what could load or run", () => {
  const math = mathIn('<math display="block" onclick="x()"><mi href="https://x.example" style="x" mathvariant="normal">y</mi></math>');
  expect(math?.outerHTML).toBe('<math display="block"><mi mathvariant="normal">y</mi></math>');
  expect(mathIn("<math><annotation-xml><p>x</p></annotation-xml></math>")).toBeNull();
  expect(mathIn("<math><mtext><img src=x></mtext></math>")).toBeNull();
  expect(mathIn("<script>x()</script>")).toBeNull();
});

test.each([
  ["https://example.cn/a?b#c", "https://example.cn/a?b#c"],
  ["www.gxu.edu.cn/x", "https://www.gxu.edu.cn/x"],
  ["/jump_to_id/u12", "/jump_to_id/u12"],
  ["mailto:a@example.cn", "mailto:a@example.cn"],
  ["javascript:alert(1)", null],
  ["data:text/html,x", null],
  ["", null],
  ["点击这里", null],
])("%s as an address", (text, address) => {
  expect(addressFrom(text)).toBe(address);
});
