// Inside the course frame, which lies on another origin: tells the page around it how tall the blocks are, so that
// there is one scroll bar. The page's controller checks the sender; nothing here but a number leaves the frame.
// Imported by the frame's own entry in courses/client/entries.
const tell = (): void => {
  const height = Math.ceil(document.body.getBoundingClientRect().height) + 4;
  parent.postMessage({ type: "guixue:frame-height", height }, "*");
};

if (parent !== window) {
  new ResizeObserver(tell).observe(document.body);
  addEventListener("load", tell);
  // Theme is not the frame's to know from cookies: the page says it in the address's fragment.
  const theme = new URLSearchParams(location.hash.slice(1)).get("theme");
  if (theme === "dark" || theme === "light") document.documentElement.dataset["theme"] = theme;
}
