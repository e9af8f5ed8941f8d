// Measurements that the browser tests take on an open page. Each function returns plain data.
window.guixueSeen = (element) => {
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.height > 0 && element.checkVisibility({visibilityProperty: true});
};
window.guixueChecks = {
  // Labels of filled buttons that are to be seen.
  filled: () => [...document.querySelectorAll('.btn-primary')].filter(guixueSeen).map((button) => button.innerText.trim()),
  // In how many rows the entries of the main menu stand.
  rows: () => new Set([...document.querySelectorAll('.site-nav > ul > li')].filter((item) => item.offsetParent).map((item) => item.offsetTop)).size,
  // Sizes and weights of every visible element that holds text of its own; texts and inputs that are smaller than allowed.
  // A radio or a box has no text of its own: its label is measured.
  texts: ([least, leastTyped]) => {
    const sizes = new Set(), weights = new Set(), small = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const element = node.parentElement;
      if (!node.textContent.trim() || !element || element.closest('svg, .vh, script, style, noscript, math, .styleguide-sample')) continue;
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      if (box.width < 2 || box.height < 2 || style.visibility === 'hidden' || style.clipPath === 'inset(50%)') continue;
      const size = parseFloat(style.fontSize);
      sizes.add(size);
      weights.add(style.fontWeight);
      if (size < least) small.push(`'${node.textContent.trim().slice(0, 40)}' is ${size} px`);
    }
    for (const input of document.querySelectorAll('input:not([type=radio], [type=checkbox]), select, textarea')) {
      const size = parseFloat(getComputedStyle(input).fontSize);
      if (size < leastTyped && guixueSeen(input)) small.push(`input ${input.name} has ${size} px`);
    }
    return {small, sizes: [...sizes].sort((one, other) => one - other), weights: [...weights].sort()};
  },
  cut: () => {
    const width = document.documentElement.clientWidth;
    const cut = [];
    if (document.documentElement.scrollWidth > width) cut.push('page scrolls sideways: ' + document.documentElement.scrollWidth);
    for (const element of document.body.querySelectorAll('*')) {
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      if (!box.width || style.position === 'fixed' || element.closest('.table-wrap, .vh, .skip, svg, iframe, [hidden]')) continue;
      if (style.visibility === 'hidden' || style.opacity === '0') continue;
      if (box.right > width + 1 && box.left >= 0) cut.push(element.tagName + '.' + element.className + ' ends at ' + Math.round(box.right));
    }
    return cut.slice(0, 5);
  },
  targets: (least) => {
    const small = [];
    for (const element of document.querySelectorAll('button, input, select, textarea, a.btn, summary.btn, nav a, .tabs a')) {
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      if (!box.width || !box.height || style.visibility === 'hidden' || element.type === 'hidden' || element.closest('.vh, .skip, .breadcrumb, .outline')) continue;
      let height = box.height, width = box.width;
      if (['checkbox', 'radio'].includes(element.type)) {
        const label = element.closest('label, .choice, .pick');
        if (label) { const around = label.getBoundingClientRect(); height = Math.max(height, around.height); width = Math.max(width, around.width); }
      }
      if (height < least - 0.5) small.push(`${element.tagName}.${element.className} ${(element.textContent || element.name || '').trim().slice(0, 20)} ${Math.round(width)}x${Math.round(height)}`);
    }
    return small;
  },
  focusRing: () => {
    const style = getComputedStyle(document.activeElement);
    return [style.outlineStyle, parseFloat(style.outlineWidth)];
  },
};
