// Deletes what this origin has stored on the device, then says so to the page that asked.
import { forget } from "../frame/store.ts";

const origin = document.body.dataset["siteOrigin"];
void forget().finally(() => {
  if (origin && parent !== window) parent.postMessage({ type: "guixue:forgotten" }, origin);
});
