// The table of decisions, and what is known about each.
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
  for (const turn of section.querySelectorAll("[data-page]")) {
    const back = ["first", "previous"].includes(turn.dataset.page);
    turn.setAttribute("aria-disabled", String(state.page === (back ? 1 : last)));
  }
  for (const head of section.querySelectorAll("[data-sort]")) {
    const own = state.sort.replace(/^-/, "") === head.dataset.sort;
    const way = state.sort.startsWith("-") ? "descending" : "ascending";
    head.parentElement.setAttribute("aria-sort", own ? way : "none");
  }
  for (const field of form.elements) {
    if (field.name && field.value !== state[field.name]) field.value = state[field.name];
  }
  showChips();
  showTree();
  markMap();
  // Who comes for one decision wants to read about it.
  if (state.row !== "" && found.length > 0) toggle(rows.querySelector(".opens"));
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
  const opens = button("opens", view.address, { at: one.at });
  opens.setAttribute("aria-expanded", "false");
  const place = `${view.path}:${view.line}`;
  const tags = [];
  if (view.doubts) tags.push("uncertain");
  if (view.conditional && !view.left_out) tags.push("conditional");
  if (view.known) tags.push("known before");
  if (view.fresh) tags.push("new");
  for (const end of view.ends ?? []) tags.push({ ended: "ended", ending: `ends ${end.day}`, closed: "closed" }[end.kind]);
  if (view.why?.expires) tags.push(`until ${view.why.expires}`);
  return cell("tr", "row", `rung-${view.rung}`,
    cell("td", "cell", `of-state is-${view.state.replace(" ", "-")}`, make("span", "state", view.state), ...tags.map((tag) => make("span", "tag data", tag))),
    cell("td", "cell", "of-rung", make("span", "badge", String(view.rung)), view.name),
    cell("th", "rowheader", "of-address", opens, make("span", "type data", view.type)),
    cell("td", "cell", "of-ladder data", view.ladder),
    cell("td", "cell", "of-path data", ...(view.url ? [link(place, view.url)] : parted(place))),
    cell("td", "cell", "of-owner data", one.owner));
}

// A long path is broken between its folders.
const parted = (path) => path.split(/(?<=\/)/).flatMap((part) => [part, make("wbr")]);

function toggle(opens) {
  const line = opens.closest("tr");
  const open = opens.getAttribute("aria-expanded") === "true";
  opens.setAttribute("aria-expanded", String(!open));
  if (open) {
    line.nextElementSibling.remove();
    opens.removeAttribute("aria-controls");
    return;
  }
  const more = details(all[Number(opens.dataset.at)].view, opens.dataset.at);
  more.id = `more-${opens.dataset.at}`;
  opens.setAttribute("aria-controls", more.id);
  line.after(more);
}

function details(view, at) {
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
  if (view.owned) say("Yours to look after", each(view.owned.map((at) => thing(data.owned[at]))));
  say("Type", view.type);
  say("Value stream", view.stream);
  if (view.left_out) say("Left out", "by the values that are given: it counts nowhere and needs no reason");
  else if (view.conditional) say("Conditional", `${view.conditional_on ? view.conditional_on.join(", ") : "a condition of the template"} may leave it out`);
  if (view.known) say("Known before", "open, but not reported: the baseline knows it, or it was there before");
  if (view.members) say("Members", each(view.members));
  if (view.doubts) say("Not sure", each(view.doubts));
  if (view.reachable) say("Reachable", each(view.reachable.map((reach) => `rung ${reach.rung} (${reach.name}) ${reach.when}`)));
  say("Assumed", view.assumed);
  if (view.deployments) say("Deployments", each(view.deployments));
  if (view.ends) say("Its provider", each(view.ends.map((end) => [link(end.name, end.source), `: ${end.words}; instead: ${end.instead}`])));
  if (view.why) {
    const { why } = view;
    say("Reason", [why.because, why.reason].filter(Boolean).join(": "));
    say("Expires", why.expires);
    say("Evidence", why.link ? link(why.evidence, why.evidence) : why.evidence);
    say("Written at", `${why.path}:${why.line}`);
  }
  if (view.owners) say("Owner", view.owners.join(", "));
  if (view.rung > 1) say("Way up", word.climb);
  say("Fair", word.fair);
  if (view.findings) say("Findings", ...view.findings.map(said));
  say("Rule", word.page ? link(word.rule, word.page) : word.rule);
  const others = component(view);
  const ways = make("p", "ways", button("quiet", "Copy the link to this decision", { copy: "row", of: at }));
  if (others) ways.append(" ", others);
  const inside = cell("td", "cell", "", list, ways);
  inside.colSpan = 6;
  return cell("tr", "row", "more", inside);
}
// What a server makes somebody own, and where it stands.
const thing = (one) => [one.url ? link(one.place, one.url) : one.place, `: ${one.kind}, ${one.what}`];

// The way from a row to its place on the map.
function component(view) {
  const name = data.components[view.component];
  if (name === undefined) return null;
  return button("quiet", "Show it on the map", { locate: view.component });
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
  if (finding.record) {
    const record = make("pre", "copy data", finding.record);
    box.append(make("p", "", "Or say why: ", button("quiet", "Copy the reason", { copy: "reason" })), record);
  }
  return box;
}
