// What leaves the page: a link, a reason, the rows that are shown.
function tell(words) {
  document.getElementById("said").textContent = words;
}
async function copy(words, what) {
  try {
    await navigator.clipboard.writeText(words);
    tell(`${what} copied`);
  } catch {
    tell(copyByHand(words) ? `${what} copied` : "the browser does not let this page copy");
  }
}
// Where the clipboard is not handed out, as in a page from disk in some browsers.
function copyByHand(words) {
  const field = make("textarea");
  field.value = words;
  field.setAttribute("aria-hidden", "true");
  field.className = "unseen";
  const focused = document.activeElement;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  focused?.focus();
  return done;
}
const address = (view) => location.href.split("#")[0] + fragment(view);

const COLUMNS = [
  "path", "line", "address", "construct", "type", "ladder", "rung", "rung_name", "state", "change", "uncertain", "owner", "stream",
  "because", "reason", "expires", "evidence", "lifecycle", "rule",
];
function exported({ view }) {
  const why = view.why ?? {};
  const change = view.change ?? (view.fresh ? "open now" : view.known ? "open before" : "");
  return {
    path: view.path, line: view.line, address: view.id ?? view.address, construct: view.id ? view.address : "", type: view.type,
    ladder: view.ladder, rung: view.rung, rung_name: view.name, state: view.state, change, uncertain: Boolean(view.doubts),
    owner: (view.owners ?? []).join("; "), stream: view.stream ?? "", because: why.because ?? "", reason: why.reason ?? "",
    expires: why.expires ?? "", evidence: why.evidence ?? "",
    lifecycle: (view.ends ?? []).map((end) => `${end.name}: ${end.words}`).join("; "), rule: data.words[view.words].rule,
  };
}
// A spreadsheet takes a cell for a formula by its first character, some behind spaces and quotes: an apostrophe makes it a text.
function csvCell(value) {
  let words = String(value);
  if (typeof value === "string" && /^[ "']*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(words)) words = `'${words}`;
  return /[",\r\n]/.test(words) ? `"${words.replaceAll('"', '""')}"` : words;
}
const csv = (list) => [COLUMNS, ...list.map((one) => COLUMNS.map((name) => one[name]))]
  .map((cells) => `${cells.map(csvCell).join(",")}\r\n`).join("");
const json = (list) => `${JSON.stringify({ schema: "sfl-rows/1", view: fragment({ ...state, page: 1 }).slice(1), decisions: list }, null, 2)}\n`;

function save(kind) {
  const list = found.map(exported);
  const [words, type] = kind === "csv" ? [csv(list), "text/csv"] : [json(list), "application/json"];
  const way = make("a");
  way.href = URL.createObjectURL(new Blob([words], { type: `${type};charset=utf-8` }));
  way.download = `sfl-decisions.${kind}`;
  way.click();
  setTimeout(() => URL.revokeObjectURL(way.href), 10_000);
  tell(`${plural(list.length, "row")} saved`);
}
