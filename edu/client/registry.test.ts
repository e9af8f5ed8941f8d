import { Application, Controller } from "@hotwired/stimulus";
import { expect, test, vi } from "vitest";
import { identifier, loadNamed, type Module } from "./registry";
import "./testing/stimulus";

test("a controller's name says its app", () => {
  expect(identifier("/courses/client/controllers/unit_outline_controller.ts")).toBe("courses--unit-outline");
  expect(() => identifier("/courses/client/other.ts")).toThrow("Not a controller's path");
});

test("only controllers that the page names are loaded, and once", async () => {
  document.body.innerHTML = `<p data-controller="edu--menu courses--unit"></p><p data-controller="courses--unit"></p>`;
  const unit = vi.fn(() => Promise.resolve<Module>({ default: Controller }));
  const other = vi.fn(() => Promise.resolve<Module>({ default: Controller }));
  const later = new Map([["courses--unit", unit], ["credits--case", other]]);
  loadNamed(document, new Application(), later);
  loadNamed(document, new Application(), later);
  expect(unit).toHaveBeenCalledTimes(1);
  expect(other).not.toHaveBeenCalled();
});
