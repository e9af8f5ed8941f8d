import { expect, test, vi } from "vitest";
import { page, settled, the } from "../testing/stimulus";
import CopyController from "./copy_controller";

const html = `<span data-controller="edu--copy"><code data-edu--copy-target="source"> GX-2026-000123 </code>
  <button hidden data-edu--copy-target="button" data-action="edu--copy#copy" data-done="Copied">Copy</button></span>`;

test("the button copies the bare text and says so", async () => {
  const writeText = vi.fn().mockResolvedValue(undefined);
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  await page(html, "edu--copy", CopyController);
  expect(the("button").hidden).toBe(false);
  the("button").click();
  await settled();
  expect(writeText).toHaveBeenCalledWith("GX-2026-000123");
  expect(the("button").textContent).toBe("Copied");
});

test("where nothing can be copied there is no button", async () => {
  vi.stubGlobal("navigator", {});
  await page(html, "edu--copy", CopyController);
  expect(the("button").hidden).toBe(true);
});
