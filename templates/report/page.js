"use strict";
(function () {
  const root = document.documentElement;
  const data = JSON.parse(document.getElementById("figures").textContent);
  const state = { lang: "zh", reading: "standard", dimension: 0, find: "", hideSmall: false };
  const word = (pair) => pair[state.lang];
  const say = (key) => word(data.words[key]);
  const percent = (share, digits = 1) => (share * 100).toFixed(digits) + " %";
  const number = (n) => n.toLocaleString("en-US").replace(/,/g, "\u202f");

  function draw(id, build) {
    const place = document.getElementById(id);
    if (!place) return;
    const width = Math.max(300, Math.floor(place.clientWidth));
    const chart = build(width);
    place.replaceChildren(...(chart ? [chart] : []));
  }

  function style(width, extra) {
    return Object.assign({
      width, marginTop: 22, marginBottom: 44, marginRight: 18,
      style: { fontSize: "12.5px", background: "none" },
    }, extra);
  }

  const tip = (about, x, y, pointer) => Plot.tip(about.rows, pointer({
    x, y, title: about.text, fill: "var(--panel)", stroke: "var(--muted)", textPadding: 9,
  }));

  const provinces = (width) => compare(width, data.provinces, 21);
  const chosen = (width) => {
    const dimension = data.dimensions[state.dimension];
    return dimension && compare(width, { ...dimension, rows: dimension.rows.filter(wanted) }, 27);
  };
  // What the search box and the tick box leave of the rows of a dimension.
  const wanted = (row) => !(state.hideSmall && row.small)
    && (row.label.zh + "\n" + row.label.en).toLowerCase().includes(state.find);

  function compare(width, dimension, step) {
    if (!dimension) return null;
    const key = state.reading;
    const known = dimension.rows.filter((row) => row[key]).slice(0, 60);
    if (!known.length) return null;
    const rows = known.map((row, i) => ({
      i: String(i), name: word(row.label), n: row.n, small: row.small,
      share: row[key][0], low: row[key][1], high: row[key][2],
    }));
    const labels = new Map(rows.map((row) => [row.i, row.name]));
    const longest = Math.max(...rows.map((row) => [...row.name].reduce(
      (sum, c) => sum + (c > "\u2e80" ? 13 : 7.2), 0)), 30);
    const left = Math.min(longest + 16, width * 0.42);
    const overall = data.overall[key] && data.overall[key][0];
    const top = Math.min(1, Math.ceil(Math.max(...rows.map((r) => r.high), overall || 0, 0.1) * 10) / 10);
    const base = Math.max(0, Math.floor(Math.min(...rows.map((r) => r.low), overall || 1) * 10 - 0.2) / 10);
    const text = (d) => `${d.name}\n${percent(d.share)}  (${percent(d.low)} – ${percent(d.high)})\n${say("counted")} ${number(d.n)}` + (d.small ? ` · ${say("fewer")}` : "");
    const ink = (d) => d.small ? "var(--open)" : "var(--signed)";
    return Plot.plot(style(width, {
      height: rows.length * step + 62, marginLeft: left, marginRight: 62,
      ariaLabel: `${say("compare")}: ${word(dimension.title)}`,
      x: { domain: [base, top], label: null, tickFormat: (v) => Math.round(v * 100) + " %", grid: true, ticks: Math.min(8, width / 90) },
      y: { domain: rows.map((r) => r.i), label: null, padding: 0.4 },
      marks: [
        Plot.axisY({ tickSize: 0, tickFormat: (i) => labels.get(i), textOverflow: "ellipsis", lineWidth: left / 13 }),
        overall == null ? null : Plot.ruleX([overall], { stroke: "var(--muted)", strokeDasharray: "3,3" }),
        overall == null ? null : Plot.text([overall], { x: (d) => d, frameAnchor: "top", dy: -13, text: (d) => `${say("overall")} ${percent(d)}`, fill: "var(--muted)" }),
        Plot.ruleY(rows, { y: "i", x1: "low", x2: "high", stroke: ink, strokeWidth: 5, strokeOpacity: 0.32, strokeLinecap: "round" }),
        Plot.dot(rows, { x: "share", y: "i", fill: ink, r: 4.6 }),
        Plot.text(rows, { x: "high", y: "i", dx: 8, textAnchor: "start", text: (d) => percent(d.share), fill: (d) => d.small ? "var(--muted)" : "var(--ink)" }),
        tip({ rows, text }, "share", "i", Plot.pointerY),
      ],
    }));
  }

  function reasons(width) {
    const rows = data.reasons.map((row, i) => ({ ...row, i: String(i), name: word(row.label) }));
    if (!rows.length) return null;
    const labels = new Map(rows.map((row) => [row.i, row.name]));
    const longest = Math.max(...rows.map((row) => [...row.name].reduce((sum, c) => sum + (c > "\u2e80" ? 13 : 7.2), 0)));
    const left = Math.min(longest + 16, width * 0.42);
    const colour = { address: "var(--returned)", recipient: "var(--signed)", carrier: "var(--open)", sender: "var(--muted)", neutral: "var(--s4)", unknown: "var(--s4)" };
    const text = (d) => `${d.name}\n${number(d.letters)} · ${percent(d.share)}\n${say("fault")}: ${word(d.fault_label)}\n${say("address_effect")}: ${word(d.effect_label)}`;
    return Plot.plot(style(width, {
      height: rows.length * 27 + 44, marginTop: 6, marginLeft: left, marginRight: 60, ariaLabel: say("reasons"),
      x: { label: null, grid: true, tickFormat: (v) => Math.round(v * 100) + " %", ticks: Math.min(8, width / 90) },
      y: { domain: rows.map((r) => r.i), label: null, padding: 0.32 },
      marks: [
        Plot.axisY({ tickSize: 0, tickFormat: (i) => labels.get(i), textOverflow: "ellipsis", lineWidth: left / 13 }),
        Plot.barX(rows, { x: "share", y: "i", fill: (d) => colour[d.fault] || "var(--open)", rx: 2 }),
        Plot.text(rows, { x: "share", y: "i", dx: 6, textAnchor: "start", text: (d) => percent(d.share), fill: "var(--ink)" }),
        tip({ rows, text }, "share", "i", Plot.pointerY),
      ],
    }));
  }

  function time(width) {
    if (!data.days.length) return null;
    const rows = data.days.map(([day, letters]) => ({ day, letters }));
    const last = Math.max(10, ...rows.map((row) => row.day));
    const text = (d) => `${d.day} ${say("days")}\n${number(d.letters)} ${say("letters")}`;
    const marks = [["median_days", data.median], ["p90_days", data.p90]].filter((pair) => pair[1] != null);
    return Plot.plot(style(width, {
      height: 240, marginTop: 44, marginLeft: 52, ariaLabel: say("time"),
      x: { domain: [-0.6, last + 0.6], label: say("days"), labelAnchor: "center", tickFormat: (v) => Number.isInteger(v) ? String(v) : "", ticks: Math.min(last, width / 45) },
      y: { label: say("letters"), grid: true, ticks: 5, nice: true },
      marks: [
        Plot.ruleY([0], { stroke: "var(--muted)" }),
        Plot.rectY(rows, { x1: (d) => d.day - 0.42, x2: (d) => d.day + 0.42, y: "letters", fill: "var(--signed)", fillOpacity: 0.8 }),
        Plot.ruleX(marks, { x: (d) => d[1], stroke: "var(--returned)", strokeDasharray: "4,3" }),
        Plot.text(marks.slice(0, 1), { x: (d) => d[1], frameAnchor: "top", dy: -16, dx: 3, textAnchor: "end", text: (d) => `P50 ${d[1]}`, fill: "var(--returned)", fontWeight: 600 }),
        Plot.text(marks.slice(1), { x: (d) => d[1], frameAnchor: "top", dy: -16, dx: -3, textAnchor: "start", text: (d) => `P90 ${d[1]}`, fill: "var(--returned)", fontWeight: 600 }),
        tip({ rows, text }, "day", "letters", Plot.pointerX),
      ],
    }));
  }

  function maturity(width) {
    if (!data.curve.length) return null;
    const rows = [];
    for (const [week, day, letters, signed, returned, open] of data.curve) {
      rows.push({ week, day, letters, kind: "signed", share: signed / letters });
      rows.push({ week, day, letters, kind: "returned", share: returned / letters });
      rows.push({ week, day, letters, kind: "open", share: open / letters });
    }
    const all = rows.filter((row) => row.week === null);
    const weeks = rows.filter((row) => row.week !== null && row.letters >= 30);
    const last = Math.max(...all.map((row) => row.day));
    const ends = ["signed", "returned", "open"].map((kind) => all.filter((r) => r.kind === kind).at(-1));
    const colour = (d) => `var(--${d.kind === "open" ? "muted" : d.kind})`;
    const dash = (kind) => kind === "open" ? "5,4" : null;
    const text = (d) => `${d.week || say("all_weeks")} · ${d.day} ${say("days")}\n${say(d.kind)} ${percent(d.share)}\n${number(d.letters)} ${say("letters")}`;
    return Plot.plot(style(width, {
      height: Math.min(360, Math.max(260, width * 0.45)), marginLeft: 52, marginRight: width < 500 ? 66 : 96,
      ariaLabel: say("maturity"),
      x: { domain: [0, Math.max(last, 7)], label: say("days_after_posting"), labelAnchor: "center", ticks: Math.min(12, width / 60) },
      y: { domain: [0, Math.min(1, Math.ceil(Math.max(...rows.map((r) => r.share), 0.1) * 10) / 10)], label: null, grid: true, tickFormat: (v) => Math.round(v * 100) + " %" },
      marks: [
        Plot.line(weeks, { x: "day", y: "share", z: (d) => d.kind + d.week, stroke: colour, strokeOpacity: 0.22, strokeWidth: 1.2 }),
        ...["signed", "returned", "open"].map((kind) => Plot.line(all.filter((d) => d.kind === kind), { x: "day", y: "share", stroke: colour, strokeWidth: 2.6, strokeDasharray: dash(kind) })),
        Plot.text(ends, { x: "day", y: "share", dx: 7, textAnchor: "start", text: (d) => say(d.kind), fill: colour, fontWeight: 600 }),
        tip({ rows: all, text }, "day", "share", Plot.pointer),
      ],
    }));
  }

  function uplift(width) {
    const rows = data.uplift.map((row) => ({
      name: word(row.label), value: row.points[0], low: row.points[1], high: row.points[2],
      proven: row.proven, proof: word(row.proof),
    }));
    if (!rows.length) return null;
    const points = (v) => (v * 100 > 0 ? "+" : "") + (v * 100).toFixed(1).replace("-", "\u2212");
    const text = (d) => `${d.name}\n${points(d.value)}  (${points(d.low)} \u2013 ${points(d.high)})\n${d.proof}`;
    const ink = (d) => d.proven ? "var(--signed)" : "var(--open)";
    return Plot.plot(style(width, {
      height: rows.length * 34 + 62, marginLeft: 84, marginRight: 52, marginTop: 8, ariaLabel: say("uplift"),
      x: { domain: [Math.min(-0.02, ...rows.map((r) => r.low)), Math.max(0.02, ...rows.map((r) => r.high))], nice: true, label: say("difference"), labelAnchor: "center", labelArrow: "none", grid: true, tickFormat: points, ticks: Math.min(9, width / 90) },
      y: { domain: rows.map((r) => r.name), label: null, padding: 0.4 },
      marks: [
        Plot.axisY({ tickSize: 0 }),
        Plot.ruleX([0], { stroke: "var(--muted)" }),
        Plot.ruleY(rows, { y: "name", x1: "low", x2: "high", stroke: ink, strokeWidth: 5, strokeOpacity: 0.32, strokeLinecap: "round" }),
        Plot.dot(rows, { x: "value", y: "name", fill: ink, r: 4.6 }),
        Plot.text(rows, { x: "high", y: "name", dx: 8, textAnchor: "start", text: (d) => points(d.value), fill: "var(--ink)" }),
        tip({ rows, text }, "value", "name", Plot.pointerY),
      ],
    }));
  }

  function calibration(width) {
    const rows = data.calibration;
    if (!rows.length) return null;
    const side = Math.min(width, 540);
    const text = (d) => `${say("expected")} ${percent(d.expected)}\n${say("observed")} ${percent(d.observed)}  (${percent(d.low)} – ${percent(d.high)})\n${number(d.letters)} ${say("letters")}`;
    const ink = (d) => d.letters < 30 ? "var(--open)" : "var(--signed)";
    const axis = (label, extra) => ({ domain: [0, 1], label, labelAnchor: "center", grid: true, tickFormat: (v) => Math.round(v * 100) + " %", ticks: 5, ...extra });
    return Plot.plot(style(side, {
      height: side * 0.82, marginLeft: 62, ariaLabel: say("calibration"),
      x: axis(say("expected"), { labelArrow: "none" }), y: axis(say("observed"), { labelArrow: "none" }),
      marks: [
        Plot.link([0], { x1: 0, y1: 0, x2: 1, y2: 1, stroke: "var(--muted)", strokeDasharray: "3,3" }),
        Plot.ruleX(rows, { x: "expected", y1: "low", y2: "high", stroke: ink, strokeWidth: 5, strokeOpacity: 0.32, strokeLinecap: "round" }),
        Plot.dot(rows, { x: "expected", y: "observed", fill: ink, r: 4.6 }),
        tip({ rows, text }, "expected", "observed", Plot.pointer),
      ],
    }));
  }

  function drawAll() {
    draw("chart-province", provinces);
    draw("chart-compare", chosen);
    draw("chart-uplift", uplift);
    draw("chart-reasons", reasons);
    draw("chart-time", time);
    draw("chart-maturity", maturity);
    draw("chart-calibration", calibration);
  }

  function names() {
    const select = document.querySelector("select[name=dimension]");
    select.replaceChildren(...data.dimensions.map((dimension, i) => {
      const option = document.createElement("option");
      option.value = String(i);
      option.textContent = word(dimension.title);
      option.selected = i === state.dimension;
      return option;
    }));
    document.title = word(data.title);
  }

  function speak(lang) {
    state.lang = lang;
    root.dataset.lang = lang;
    root.lang = lang === "zh" ? "zh-CN" : "en";
    names();
    drawAll();
  }

  document.addEventListener("change", (event) => {
    const { name, value } = event.target;
    if (name === "lang") speak(value);
    else if (name === "theme") root.dataset.theme = value;
    else if (name === "reading") {
      state.reading = root.dataset.reading = value;
      draw("chart-province", provinces);
      draw("chart-compare", chosen);
    } else if (name === "dimension") {
      state.dimension = Number(value);
      draw("chart-compare", chosen);
      oneTable();
    } else if (name === "hide_small") {
      state.hideSmall = event.target.checked;
      narrow();
    }
  });
  document.addEventListener("input", (event) => {
    if (event.target.name !== "find") return;
    state.find = event.target.value.trim().toLowerCase();
    narrow();
  });
  // The rows of the tables stand in the order of the rows of the data.
  function narrow(all) {
    draw("chart-compare", chosen);
    data.dimensions.forEach((dimension) => {
      const lines = document.querySelectorAll(`#table-${dimension.key} tbody tr`);
      dimension.rows.forEach((row, i) => { lines[i].hidden = !all && !wanted(row); });
    });
  }
  document.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("click", (event) => {
    const tile = event.target.closest("a.tile");
    if (tile) open(tile.hash);
  });
  function open(hash) {
    const row = hash && document.querySelector(hash);
    const box = row && row.closest("details");
    if (box) box.open = true;
  }
  // Of the tables of all dimensions only the chosen one stands on the page; on paper stand all.
  function oneTable(all) {
    data.dimensions.forEach((dimension, i) => {
      const box = document.getElementById("table-" + dimension.key);
      if (box) box.hidden = !all && i !== state.dimension;
    });
  }
  let closed = [];
  window.addEventListener("beforeprint", () => {
    oneTable(true);
    narrow(true);
    closed = [...document.querySelectorAll("details:not([open])")];
    closed.forEach((box) => { box.open = true; });
  });
  window.addEventListener("afterprint", () => { oneTable(); narrow(); });
  window.addEventListener("afterprint", () => closed.forEach((box) => { box.open = false; }));

  document.querySelectorAll("[data-script]").forEach((element) => { element.hidden = false; });
  const asked = new URLSearchParams(location.search);
  const first = asked.get("lang") || (/^zh/i.test(navigator.language || "zh") ? "zh" : "en");
  state.lang = first === "en" ? "en" : "zh";
  document.querySelector(`input[name=lang][value=${state.lang}]`).checked = true;
  if (["light", "dark"].includes(asked.get("theme"))) {
    root.dataset.theme = asked.get("theme");
    document.querySelector(`input[name=theme][value=${root.dataset.theme}]`).checked = true;
  }
  state.dimension = Math.max(0, data.dimensions.findIndex((dimension) => dimension.key === "source"));
  speak(state.lang);
  oneTable();
  open(location.hash);
  let width = window.innerWidth;
  let timer = 0;
  window.addEventListener("resize", () => {
    if (window.innerWidth === width) return;
    width = window.innerWidth;
    clearTimeout(timer);
    timer = setTimeout(drawAll, 120);
  });
})();
