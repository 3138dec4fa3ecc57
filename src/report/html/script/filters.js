// Filters: each asks one thing of a decision; an empty wish asks nothing. The view lives in the fragment, so that it can be shared.
const asks = {
  state: (wish) => (one) => (wish === "counted" ? !one.view.left_out : one.view.state === wish),
  change: (wish) => (one) => (wish === "fresh" ? one.view.fresh : wish === "known" ? one.view.known : one.view.change === wish),
  owner: (wish) => (one) => (wish === "*" ? !one.view.owners : (one.view.owners ?? []).some((name) => named(name) === wish)),
  stream: (wish) => (one) => (wish === "*" ? one.view.stream == null : one.view.stream != null && named(one.view.stream) === wish),
  ladder: (wish) => (one) => one.view.ladder === wish,
  rung: (wish) => (one) => String(one.view.rung) === wish,
  lifecycle: (wish) => (one) => lives(one.view).includes(wish),
  doubt: (wish) => (one) => Boolean(one.view.doubts) === (wish === "uncertain"),
  path: (wish) => (one) => (wish.endsWith("/") ? one.view.path.startsWith(wish) : one.view.path === wish),
  component: (wish) => (one) => data.components[one.view.component] === wish,
  ends: (wish) => (one) => days(one.view).includes(wish),
  owned: (wish) => (one) => (one.view.owns ?? []).includes(wish),
  finding: (wish) => (one) => (one.view.findings ?? []).some((finding) => finding.severity === wish),
  row: (wish) => (one) => key(one.view) === wish,
  q: (wish) => {
    const words = wish.toLowerCase().split(/\s+/).filter(Boolean);
    return (one) => words.every((word) => text(one).includes(word));
  },
};
// A name as a wish; a star alone asks for decisions without one.
const named = (name) => (name.startsWith("*") ? `*${name}` : name);
// A decision's own address in this page.
const key = (view) => `${view.path} ${view.id ?? view.address}`;
const days = (view) => [view.why?.expires, ...(view.ends ?? []).map((end) => end.day)].filter(Boolean);
function lives(view) {
  const kinds = (view.ends ?? []).map((end) => end.kind);
  if (view.why?.expires) kinds.push("reason");
  if (days(view).length > 0) kinds.push("dated");
  return kinds;
}
function text(one) {
  if (one.words === null) {
    const { view } = one;
    const why = view.why ? Object.values(view.why) : [];
    const said = (view.findings ?? []).map((finding) => `${finding.code} ${finding.message}`);
    const ends = (view.ends ?? []).map((end) => end.name);
    const rule = data.words[view.words];
    const parts = [view.address, view.id, view.type, view.path, view.ladder, view.name, view.state, view.stream, one.owner];
    const more = [rule.rule, rule.says, ...(view.members ?? []), ...(view.doubts ?? []), ...why, ...said, ...ends];
    one.words = [...parts, ...more].join("\n").toLowerCase();
  }
  return one.words;
}

const orders = {
  state: (a, b) => STATES.indexOf(a.view.state) - STATES.indexOf(b.view.state) || b.view.rung - a.view.rung,
  rung: (a, b) => a.view.rung - b.view.rung,
  address: (a, b) => compare(a.view.address, b.view.address),
  ladder: (a, b) => compare(a.view.ladder, b.view.ladder),
  path: (a, b) => compare(a.view.path, b.view.path) || a.view.line - b.view.line,
  owner: (a, b) => compare(a.owner, b.owner),
};

function read() {
  const fragment = location.hash.slice(1);
  if (fragment && !fragment.includes("=")) return false;
  const given = new URLSearchParams(fragment);
  state = { ...START };
  for (const name of Object.keys(START)) if (given.has(name)) state[name] = given.get(name);
  if (!Object.hasOwn(orders, state.sort.replace(/^-/, ""))) state.sort = START.sort;
  state.page = Math.max(1, Math.trunc(Number(state.page)) || 1);
  return true;
}
function fragment(view) {
  const said = new URLSearchParams();
  for (const [name, value] of Object.entries(view)) if (value !== START[name]) said.set(name, value);
  return `#${said}`;
}
const keep = () => history.replaceState(null, "", fragment(state));

// Those that fit; the tree of folders also asks what would fit without its own wish.
function fitting(without) {
  const wishes = Object.keys(asks).filter((name) => state[name] !== "" && name !== without);
  const tests = wishes.map((name) => asks[name](state[name]));
  return all.filter((one) => tests.every((test) => test(one)));
}
function search() {
  found = fitting();
  const order = orders[state.sort.replace(/^-/, "")];
  const turn = state.sort.startsWith("-") ? -1 : 1;
  found.sort((a, b) => turn * order(a, b) || a.at - b.at);
}

// Wishes that have no field: each can be taken back.
const chips = {
  path: (wish) => (wish.endsWith("/") ? `folder ${wish}` : `file ${wish}`),
  component: (wish) => `on the map: ${wish}`,
  ends: (wish) => `ends on ${wish}`,
  owned: (wish) => `to look after: ${wish}`,
  finding: (wish) => `with a finding: ${wish}`,
  row: (wish) => `only ${wish}`,
};
function showChips() {
  const line = document.getElementById("chips");
  const wished = Object.keys(chips).filter((name) => state[name] !== "");
  line.hidden = wished.length === 0;
  line.replaceChildren(...wished.map((name) => {
    const words = chips[name](state[name]);
    const chip = button("chip", make("span", "data", words), { clear: name });
    chip.setAttribute("aria-label", `Take back: ${words}`);
    return chip;
  }));
}

// The choices of the fields; a field with nothing to choose goes.
function choices(name, values, titles) {
  const field = form.elements[name];
  for (const [at, value] of values.entries()) field.append(new Option(titles?.[at] ?? value, value));
  field.parentElement.hidden = values.length === 0;
}
function fillForm() {
  const views = data.decisions;
  const present = (pairs, are) => pairs.filter(([value]) => are.has(value));
  const titled = (name, pairs) => choices(name, pairs.map(([value]) => value), pairs.map(([, title]) => title));
  const states = STATES.filter((name) => views.some((view) => view.state === name));
  if (states.includes("left out")) states.push("counted");
  choices("state", states, states.map((name) => (name === "counted" ? "all that count" : name)));
  const changes = new Set(views.map((view) => view.change));
  if (views.some((view) => view.fresh)) changes.add("fresh");
  if (views.some((view) => view.known)) changes.add("known");
  titled("change", present([
    ["fresh", "open now, and not before"], ["known", "open before"], ["new", "a new decision"], ["down", "on a worse rung"],
    ["up", "on a better rung"], ["reason lost", "reason lost"], ["explained", "explained since"], ["relocated", "moved"],
  ], changes));
  const names = (values, without, nobody) => {
    const sorted = unique(values.filter((value) => value != null)).sort(compare);
    if (sorted.length === 0) return [];
    const pairs = sorted.map((value) => [named(value), value]);
    return without ? [...pairs, ["*", nobody]] : pairs;
  };
  titled("owner", names(views.flatMap((view) => view.owners ?? []), views.some((view) => !view.owners), "(nobody)"));
  titled("stream", names(views.map((view) => view.stream), views.some((view) => view.stream == null), "(none)"));
  choices("ladder", unique(views.map((view) => view.ladder)).sort(compare));
  const rungs = new Map(views.map((view) => [view.rung, view.name]));
  titled("rung", [...rungs.keys()].sort().map((rung) => [String(rung), `${rung} ${rungs.get(rung)}`]));
  titled("lifecycle", present([
    ["dated", "anything with an end"], ["reason", "a reason that runs out"], ["ending", "its provider will end it"],
    ["ended", "its provider has ended it"], ["closed", "closed to new customers"],
  ], new Set(views.flatMap(lives))));
  const doubts = views.some((view) => view.doubts) ? ["uncertain", "certain"] : [];
  choices("doubt", doubts);
}
