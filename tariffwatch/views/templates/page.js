// Search, filter, and clocks that tick. Without this script the page is whole, and stands still.
"use strict";
(() => {
  const DAY = 86400000;
  const one = (selector) => document.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  const asOf = Date.parse(document.body.dataset.asOf);
  const live = "live" in document.body.dataset;
  const now = () => (live ? Date.now() : asOf);

  // What can be filtered: rows, and the bodies of the table of actions, each of which is one action.
  const rows = all("table[data-kind]").flatMap((table) => {
    const kind = table.dataset.kind;
    return all(kind === "actions" ? ":scope > tbody" : ":scope > tbody > tr", table).map((row) => {
      const passes = row.querySelector("[data-passes]");
      return {
        row,
        kind,
        text: `${row.textContent} ${row.dataset.on} ${row.dataset.by}`.toLowerCase(),
        on: row.dataset.on.split(" "),
        by: row.dataset.by,
        phase: row.dataset.phase,
        passes: passes && Date.parse(passes.dataset.passes),
      };
    });
  });

  function shows(item, asked) {
    return (
      asked.words.every((word) => item.text.includes(word)) &&
      (!asked.phase || item.phase === asked.phase) &&
      (!asked.on || item.on.includes(asked.on) || item.on.includes("*")) &&
      (!asked.by || item.by === asked.by) &&
      (!asked.within || item.passes === null || item.passes - now() <= asked.within * DAY)
    );
  }

  function filter() {
    const asked = { words: one("#words").value.toLowerCase().split(/\s+/).filter(Boolean) };
    for (const id of ["phase", "on", "by", "within"]) asked[id] = one(`#${id}`).value;
    const counts = new Map();
    for (const item of rows) {
      item.row.hidden = !shows(item, asked);
      const count = counts.get(item.kind) ?? { shown: 0, of: 0 };
      count.of += 1;
      count.shown += item.row.hidden ? 0 : 1;
      counts.set(item.kind, count);
    }
    const told = ["deadlines", "actions", "conditions"].filter((kind) => counts.has(kind));
    one("#found").textContent = told
      .map((kind) => `${counts.get(kind).shown} of ${counts.get(kind).of} ${kind}`)
      .join(", ");
  }

  // The page knows codes; the browser knows the names of countries.
  function countries(id, codes) {
    const names = new Intl.DisplayNames(["en"], { type: "region", fallback: "code" });
    const named = [...new Set(codes)].filter((code) => /^[A-Z]{2}$/.test(code));
    const options = named.map((code) => new Option(`${names.of(code)} (${code})`, code));
    one(id).append(...options.sort((a, b) => a.text.localeCompare(b.text, "en")));
  }

  const days = new Map();
  function dayIn(zone, instant) {
    if (!days.has(zone)) {
      days.set(zone, new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" }));
    }
    return days.get(zone).format(instant);
  }

  const clocks = all("[data-passes]").map((cell) => ({
    words: cell.querySelector(".words"),
    tick: cell.querySelector(".tick"),
    day: cell.dataset.day,
    zone: cell.dataset.zone,
    passes: Date.parse(cell.dataset.passes),
  }));

  function left(clock, at, today) {
    if (at >= clock.passes) return "passed";
    if (clock.day) {
      const count = Math.round((Date.parse(clock.day) - Date.parse(today)) / DAY);
      return count <= 0 ? "today" : count === 1 ? "in 1 day" : `in ${count} days`;
    }
    const seconds = Math.floor((clock.passes - at) / 1000);
    const parts = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60];
    const time = parts.map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");
    const whole = Math.floor(seconds / 86400);
    return whole ? `${whole} d ${time}` : time;
  }

  // The words beside a deadline were right on the day of the page; on a later day only the clock is.
  function tick() {
    const at = now();
    for (const clock of clocks) {
      const today = dayIn(clock.zone, at);
      const fresh = today === dayIn(clock.zone, asOf) && at < clock.passes;
      const text = fresh && clock.day ? "" : left(clock, at, today);
      clock.words.hidden = !fresh;
      if (clock.tick.textContent !== text) clock.tick.textContent = text;
    }
    const age = Math.floor((at - asOf) / DAY);
    one("#age").hidden = age < 1;
    one("#age").textContent =
      age < 1 ? "" : `This page is ${age} day${age > 1 ? "s" : ""} old: what became known since is not in it.`;
  }

  const form = one("#filter");
  countries("#on", rows.flatMap((item) => item.on));
  countries("#by", rows.map((item) => item.by));
  form.hidden = false;
  // Heads of tables stay in sight below the form, where that does.
  new ResizeObserver(() => {
    const bar = getComputedStyle(form).position === "sticky" ? form.offsetHeight : 0;
    document.documentElement.style.setProperty("--bar", `${bar}px`);
  }).observe(form);
  form.addEventListener("input", filter);
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("submit", (event) => event.preventDefault());
  filter();
  // Where strips are wider than the screen, the date asked about is what one looks for.
  const mark = one("svg.axis > .now"), strips = one(".scroll");
  if (mark) strips.scrollLeft = mark.getBoundingClientRect().left - strips.getBoundingClientRect().width * 0.7;
  if (live) {
    tick();
    setInterval(() => one("#ticking").checked && tick(), 1000);
  }
})();
