// News of the log: lines that are new or changed come in by themselves. Without this script the page is read anew.
"use strict";

(() => {
  // Sent by the server when the page was written, and with each news: what this page has seen.
  let stand = null;
  let source = null;
  let again = 0;
  let waiting = [];
  // On what nobody asked for: a session does not live on by it.
  const unattended = { "X-Vortag-Unattended": "1" };

  const log = () => document.getElementById("log");
  const rows = () => document.getElementById("log-rows");
  const button = () => document.querySelector("#log-newer button");

  function show(state) {
    const place = document.getElementById("log-live");
    if (!place) return;
    place.hidden = false;
    place.textContent = place.dataset[state];
    place.classList.toggle("is-on", state === "on");
  }

  function disconnect() {
    clearTimeout(again);
    source?.close();
    source = null;
  }

  function connect() {
    disconnect();
    const path = log()?.dataset.stream;
    if (!path || document.hidden) return;
    const address = new URL(path, location.href);
    if (stand) address.searchParams.set("stand", stand);
    source = new EventSource(address);
    source.addEventListener("open", () => show("on"));
    source.addEventListener("error", () => {
      // Where the browser does not come again by itself, all places were taken.
      const isOver = source.readyState === EventSource.CLOSED;
      show(isOver ? "full" : "off");
      if (isOver) again = setTimeout(connect, 30000);
    });
    source.addEventListener("lines", (event) => {
      stand = event.lastEventId;
      take(event.data);
    });
    source.addEventListener("lead", (event) => {
      document.getElementById("log-lead").textContent = event.data;
      document.getElementById("log-news").textContent = event.data;
    });
    source.addEventListener("stale", (event) => {
      stand = event.lastEventId;
      if (isFree()) refresh(unattended);
      else offer(button().dataset.stale);
    });
    source.addEventListener("end", () => {
      disconnect();
      show("ended");
    });
  }

  // Nobody is in the middle of the list.
  function isFree() {
    const lists = [...document.querySelectorAll("#log .log, #log .call-list")];
    return window.scrollY < 120 && !lists.some((list) => list.contains(document.activeElement));
  }

  function offer(text) {
    button().textContent = text;
    button().parentElement.hidden = false;
  }

  function take(html) {
    const box = document.createElement("template");
    box.innerHTML = html;
    for (const fresh of box.content.querySelectorAll("li.message")) {
      const old = document.getElementById(fresh.id);
      const held = waiting.findIndex((line) => line.id === fresh.id);
      if (old) renew(old, fresh);
      else if (held >= 0) waiting[held] = fresh;
      else waiting.push(fresh);
    }
    if (waiting.length === 0) return;
    if (isFree()) return place(unattended);
    const { one, many } = button().dataset;
    offer(waiting.length === 1 ? one : many.replace("{count}", waiting.length));
  }

  // What is open or has the focus stays as it is; only what tells of the state is put in its place.
  function renew(old, fresh) {
    for (const part of ["state", "when"]) {
      const before = old.querySelector(`[data-part=${part}]`);
      const after = fresh.querySelector(`[data-part=${part}]`);
      if (before.innerHTML === after.innerHTML) continue;
      before.replaceChildren(...after.childNodes);
      before.classList.remove("is-changed");
      requestAnimationFrame(() => before.classList.add("is-changed"));
    }
    const steps = old.querySelector(".steps-of");
    if (steps?.querySelector(".way")) htmx.ajax("GET", steps.dataset.path, { target: steps, swap: "innerHTML", headers: unattended });
  }

  function place(headers = {}) {
    const list = rows();
    if (!list) return refresh(headers);
    const placed = waiting;
    waiting = [];
    button().parentElement.hidden = true;
    for (const line of placed) {
      const after = [...list.children].find((other) => isOlder(other, line));
      list.insertBefore(line, after ?? null);
      line.classList.add("is-new");
      htmx.process(line);
    }
    return placed;
  }

  function isOlder(other, line) {
    if (!other.dataset.begun) return true;
    const [one, two] = [Number(other.dataset.begun), Number(line.dataset.begun)];
    if (one !== two) return one < two;
    return Number(other.id.split("-")[1]) < Number(line.id.split("-")[1]);
  }

  function refresh(headers = {}) {
    // What somebody has just asked for brings the news, too; should that fail, the offer stands.
    const isAsked = document.querySelector("#log :is(a, form.filter).htmx-request") !== null;
    if (headers === unattended && isAsked) return offer(button().dataset.stale);
    waiting = [];
    const path = location.pathname + location.search;
    // One wish at a time, the last one: what is still under way must not be swapped in after it.
    htmx.trigger("#main", "htmx:abort");
    htmx.ajax("GET", path, { source: "#main", target: "#log", select: "#log", swap: "outerHTML", headers });
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest("#log-newer button")) return;
    if (waiting.length === 0) {
      refresh();
      return;
    }
    const placed = place();
    placed?.at(-1)?.querySelector("a, summary")?.focus();
  });

  // The address follows what is shown; going back asks again.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, pathInfo } = event.detail;
    if (target.id === "log") {
      const address = new URL(pathInfo.responsePath ?? pathInfo.finalRequestPath, location.href);
      for (const [name, value] of [...address.searchParams]) if (value === "") address.searchParams.delete(name);
      const path = address.pathname + address.search;
      if (path !== location.pathname + location.search) history.pushState(null, "", path);
    } else if (target.classList.contains("older")) {
      const last = target.previousElementSibling;
      document.addEventListener("htmx:afterSettle", () => {
        last?.nextElementSibling?.querySelector("a, summary")?.focus();
      }, { once: true });
    }
  });
  addEventListener("popstate", () => refresh());

  document.addEventListener("htmx:load", (event) => {
    if (event.target.id !== "log") return;
    stand = null;
    waiting = [];
    connect();
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : connect()));
  addEventListener("pagehide", disconnect);
  connect();
})();
