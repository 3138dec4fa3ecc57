// Looks around in the decisions. What a template says only ever becomes text: no element is made from it.
(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const section = document.getElementById("decisions");
  if (!section) return;

  const SIZE = 50;
  const START = { q: "", ladder: "", rung: "", state: "", doubt: "", file: "", owner: "", component: "", sort: "-rung", page: 1 };
  const STATES = ["open", "justified", "accepted"];
  const form = document.getElementById("filters");
  const rows = document.getElementById("rows");
  const heads = [...section.querySelectorAll("[data-sort]")];
  const compare = new Intl.Collator(undefined, { numeric: true }).compare;
  const all = data.decisions.map((view, at) => ({ at, view, owner: view.owner ?? "", words: null }));
  let state = { ...START };
  let found = [];
  let timer = 0;

  // Elements.
  function make(name, kind, ...inner) {
    const element = document.createElement(name);
    if (kind) element.className = kind;
    for (const part of inner) if (part !== "" && part != null) element.append(part);
    return element;
  }
  function link(text, href) {
    const element = make("a", "", text);
    element.href = href;
    element.rel = "noreferrer noopener";
    return element;
  }
  function cell(name, role, kind, ...inner) {
    const element = make(name, kind, ...inner);
    element.setAttribute("role", role);
    return element;
  }
  const plural = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

  // Filters: each asks one thing of a decision; an empty wish asks nothing.
  const asks = {
    ladder: (wish) => (one) => one.view.ladder === wish,
    rung: (wish) => (one) => String(one.view.rung) === wish,
    state: (wish) => (one) => one.view.state === wish,
    doubt: (wish) => (one) => Boolean(one.view.doubts) === (wish === "uncertain"),
    file: (wish) => (one) => one.view.path === wish,
    owner: (wish) => (one) => (wish === "*" ? one.owner === "" : one.owner !== "" && named(one.owner) === wish),
    component: (wish) => (one) => data.components[one.view.component] === wish,
    q: (wish) => {
      const words = wish.toLowerCase().split(/\s+/).filter(Boolean);
      return (one) => words.every((word) => text(one).includes(word));
    },
  };
  // An owner's name as a wish; a star alone asks for decisions without an owner.
  const named = (owner) => (owner.startsWith("*") ? `*${owner}` : owner);
  function text(one) {
    if (one.words === null) {
      const { view } = one;
      const why = view.why ? Object.values(view.why) : [];
      const said = (view.findings ?? []).map((finding) => `${finding.code} ${finding.message}`);
      const rule = data.words[view.words];
      const parts = [view.address, view.id, view.type, view.path, view.ladder, view.name, view.state, rule.rule, rule.says];
      one.words = [...parts, ...(view.members ?? []), ...(view.doubts ?? []), ...why, ...said].join("\n").toLowerCase();
    }
    return one.words;
  }

  const orders = {
    rung: (a, b) => a.view.rung - b.view.rung,
    address: (a, b) => compare(a.view.address, b.view.address),
    ladder: (a, b) => compare(a.view.ladder, b.view.ladder),
    path: (a, b) => compare(a.view.path, b.view.path) || a.view.line - b.view.line,
    state: (a, b) => STATES.indexOf(a.view.state) - STATES.indexOf(b.view.state),
    owner: (a, b) => compare(a.owner, b.owner),
  };

  // The state lives in the fragment, so that a view can be shared.
  function read() {
    const fragment = location.hash.slice(1);
    if (fragment && !fragment.includes("=")) return false;
    const given = new URLSearchParams(fragment);
    state = { ...START };
    for (const key of Object.keys(START)) if (given.has(key)) state[key] = given.get(key);
    if (!Object.hasOwn(orders, state.sort.replace(/^-/, ""))) state.sort = START.sort;
    state.page = Math.max(1, Math.trunc(Number(state.page)) || 1);
    return true;
  }
  function keep() {
    const said = new URLSearchParams();
    for (const [key, value] of Object.entries(state)) if (value !== START[key]) said.set(key, value);
    history.replaceState(null, "", `#${said}`);
  }

  function search() {
    const wishes = Object.keys(asks).filter((key) => state[key] !== "");
    const tests = wishes.map((key) => asks[key](state[key]));
    found = all.filter((one) => tests.every((test) => test(one)));
    const order = orders[state.sort.replace(/^-/, "")];
    const turn = state.sort.startsWith("-") ? -1 : 1;
    found.sort((a, b) => turn * order(a, b) || a.at - b.at);
  }

  function show() {
    const last = Math.max(1, Math.ceil(found.length / SIZE));
    state.page = Math.min(state.page, last);
    const from = (state.page - 1) * SIZE;
    rows.replaceChildren(...found.slice(from, from + SIZE).map(row));
    const total = plural(all.length, "decision");
    document.getElementById("count").textContent =
      found.length === all.length ? `All ${total}` : `${found.length} of ${total}`;
    document.getElementById("page").textContent = `Page ${state.page} of ${last}`;
    document.getElementById("pages").hidden = last === 1;
    for (const button of section.querySelectorAll("[data-page]")) {
      const back = ["first", "previous"].includes(button.dataset.page);
      button.setAttribute("aria-disabled", String(state.page === (back ? 1 : last)));
    }
    for (const button of heads) {
      const own = state.sort.replace(/^-/, "") === button.dataset.sort;
      const way = state.sort.startsWith("-") ? "descending" : "ascending";
      button.parentElement.setAttribute("aria-sort", own ? way : "none");
    }
    for (const field of form.elements) {
      if (field.name && field.value !== state[field.name]) field.value = state[field.name];
    }
  }
  function update(wish) {
    clearTimeout(timer);
    state = { ...state, page: 1, ...wish };
    search();
    show();
    keep();
  }

  function row(one) {
    const { view } = one;
    const opens = make("button", "opens", view.address);
    opens.type = "button";
    opens.setAttribute("aria-expanded", "false");
    opens.dataset.at = one.at;
    const place = `${view.path}:${view.line}`;
    const tags = [];
    if (view.doubts) tags.push(make("span", "tag", "uncertain"));
    if (view.left_out) tags.push(make("span", "tag", "left out"));
    else if (view.conditional) tags.push(make("span", "tag", "conditional"));
    if (view.known) tags.push(make("span", "tag", "known before"));
    return cell("tr", "row", `rung-${view.rung}`,
      cell("td", "cell", "of-rung", make("span", "badge", String(view.rung)), view.name),
      cell("th", "rowheader", "of-address", opens, make("span", "type data", view.type)),
      cell("td", "cell", "of-ladder data", view.ladder),
      cell("td", "cell", "of-path data", view.url ? link(place, view.url) : place),
      cell("td", "cell", `of-state state-${view.state}`, make("span", "", view.state), ...tags),
      cell("td", "cell", "of-owner data", one.owner));
  }

  function toggle(button) {
    const line = button.closest("tr");
    const open = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!open));
    if (open) {
      line.nextElementSibling.remove();
      button.removeAttribute("aria-controls");
      return;
    }
    const more = details(all[Number(button.dataset.at)].view);
    more.id = `more-${button.dataset.at}`;
    button.setAttribute("aria-controls", more.id);
    line.after(more);
  }

  function details(view) {
    const word = data.words[view.words];
    const list = make("dl");
    const say = (heading, ...inner) => {
      if (inner.some((part) => part !== "" && part != null)) list.append(make("dt", "", heading), make("dd", "", ...inner));
    };
    const each = (lines) => {
      const items = make("ul");
      for (const line of lines) items.append(make("li", "data", ...[line].flat()));
      return items;
    };
    say("On this rung", word.says);
    say("Rung", `${view.rung} of 4 on the ${view.ladder} ladder: ${view.name}`);
    say("Yours to run", word.yours);
    say("Type", view.type);
    if (view.left_out) say("Left out", "by the values that are given: it counts nowhere and needs no reason");
    else if (view.conditional) say("Conditional", `${view.conditional_on ? view.conditional_on.join(", ") : "a condition of the template"} may leave it out`);
    if (view.known) say("Known before", "open, but not reported: the baseline knows it, or it was there before");
    if (view.members) say("Members", each(view.members));
    if (view.doubts) say("Not sure", each(view.doubts));
    if (view.reachable) say("Reachable", each(view.reachable.map((reach) => `rung ${reach.rung} (${reach.name}) ${reach.when}`)));
    say("Assumed", view.assumed);
    if (view.deployments) say("Deployments", each(view.deployments));
    if (view.why) {
      const { why } = view;
      say("Reason", [why.because, why.reason].filter(Boolean).join(": "));
      say("Owner", why.owner);
      say("Expires", why.expires);
      say("Evidence", why.link ? link(why.evidence, why.evidence) : why.evidence);
      say("Written at", `${why.path}:${why.line}`);
    }
    if (view.rung > 1) say("Way up", word.climb);
    say("Fair", word.fair);
    if (view.findings) say("Findings", ...view.findings.map(said));
    say("Rule", word.page ? link(word.rule, word.page) : word.rule);
    const inside = cell("td", "cell", "", list);
    inside.colSpan = 6;
    return cell("tr", "row", "more", inside);
  }

  function said(finding) {
    const box = make("div", "said", make("p", "", make("b", finding.severity, finding.severity), " ", make("span", "data", finding.message)));
    if (finding.lines.length > 0) {
      box.append(make("pre", "", ...finding.lines.map((line) => make("span", "line",
        make("span", "at", String(line.number)),
        make("span", "data", line.before, line.mark ? make("mark", "", line.mark) : "", line.after ?? "")))));
    }
    if (finding.label) box.append(make("p", "data", finding.label));
    for (const other of finding.related ?? []) box.append(make("p", "data", `${other.path}:${other.line}: ${other.message}`));
    for (const [heading, words] of finding.help ?? []) box.append(make("p", "data lines", `${heading}: ${words}`));
    if (finding.record) box.append(make("p", "", "Or say why:"), make("pre", "copy data", finding.record));
    return box;
  }

  function choices(name, values, titles) {
    const field = form.elements[name];
    for (const [at, value] of values.entries()) field.append(new Option(titles?.[at] ?? value, value));
  }
  const unique = (values) => [...new Set(values)];
  choices("ladder", unique(data.decisions.map((view) => view.ladder)).sort(compare));
  const names = new Map(data.decisions.map((view) => [view.rung, view.name]));
  const rungs = [...names.keys()].sort();
  choices("rung", rungs.map(String), rungs.map((rung) => `${rung} ${names.get(rung)}`));
  choices("file", unique(data.decisions.map((view) => view.path)).sort(compare));
  const owners = unique(all.map((one) => one.owner)).filter(Boolean).sort(compare);
  choices("owner", [...owners.map(named), "*"], [...owners, "(nobody)"]);

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => {
    const field = event.target;
    // Known at once, so that nothing that happens meanwhile forgets it; looked for when the typing rests.
    state[field.name] = field.value;
    clearTimeout(timer);
    timer = setTimeout(update, field.name === "q" ? 120 : 0);
  });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    update({ ...START, sort: state.sort });
  });
  section.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.sort) {
      const up = button.dataset.sort;
      update({ sort: state.sort === up ? `-${up}` : up });
    } else if (button.dataset.page && button.getAttribute("aria-disabled") === "false") {
      const last = Math.ceil(found.length / SIZE);
      const to = { first: 1, previous: state.page - 1, next: state.page + 1, last };
      update({ page: to[button.dataset.page] });
    } else if (button.dataset.at) {
      toggle(button);
    }
  });
  addEventListener("hashchange", () => {
    if (!read()) return;
    search();
    show();
  });
  for (const hidden of document.querySelectorAll("[data-script]")) hidden.hidden = false;
  for (const way of document.querySelectorAll('a[href^="#ladder="]')) {
    way.addEventListener("click", () => setTimeout(() => section.focus(), 0));
  }
  read();
  search();
  show();
})();
