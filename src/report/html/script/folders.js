// The folders of what is found, as a tree. It is made as it is opened: an estate has thousands of files.
const unfolded = new Set([""]);
let hits = new Map();

// How many decisions stand in each folder and file, and how many of them are open.
function count(decisions) {
  const numbers = new Map();
  for (const { view } of decisions) {
    const ends = [];
    for (let at = view.path.indexOf("/"); at >= 0; at = view.path.indexOf("/", at + 1)) ends.push(at + 1);
    for (const end of [0, ...ends, view.path.length]) {
      const name = view.path.slice(0, end);
      let number = numbers.get(name);
      if (!number) numbers.set(name, (number = { all: 0, open: 0, inside: new Set() }));
      number.all += 1;
      if (view.state === "open") number.open += 1;
    }
    for (const [at, end] of [...ends, view.path.length].entries()) {
      numbers.get(view.path.slice(0, at === 0 ? 0 : ends[at - 1])).inside.add(view.path.slice(0, end));
    }
  }
  return numbers;
}

// A chain of folders with nothing else in them is one step.
function lone(name) {
  const inside = [...(hits.get(name)?.inside ?? [])];
  return inside.length === 1 && inside[0].endsWith("/") ? lone(inside[0]) : name;
}

function showTree() {
  hits = count(fitting("path"));
  const focused = document.activeElement?.closest("#tree") ? document.activeElement.dataset : null;
  const mark = focused && { ...focused };
  // What is asked for is seen.
  for (let at = state.path.indexOf("/"); at >= 0; at = state.path.indexOf("/", at + 1)) unfolded.add(state.path.slice(0, at + 1));
  document.getElementById("tree").replaceChildren(branch(""));
  if (mark) {
    const again = [...document.querySelectorAll("#tree button")].find((one) => one.dataset.fold === mark.fold && one.dataset.path === mark.path);
    again?.focus();
  }
}

function branch(name) {
  const list = make("ul");
  const inside = [...(hits.get(name)?.inside ?? [])];
  // Folders stand before files.
  inside.sort((a, b) => b.endsWith("/") - a.endsWith("/") || compare(a, b));
  list.append(...inside.map((one) => twig(one, name)));
  return list;
}
function twig(first, above) {
  const name = first.endsWith("/") ? lone(first) : first;
  const words = name.slice(above.length);
  const { all: number, open } = hits.get(name);
  const item = make("li");
  const isFolder = name.endsWith("/");
  const isOpen = isFolder && unfolded.has(name);
  if (isFolder) {
    const fold = button("fold-button", "", { fold: name });
    fold.setAttribute("aria-expanded", String(isOpen));
    fold.setAttribute("aria-label", `Files in ${words}`);
    item.append(fold);
  }
  const choose = button("folder", make("span", "data", words), { path: name });
  // "2 of 12 open" for who hears it.
  const amount = open > 0 ? [make("b", "open", String(open)), ` of ${number}`, make("span", "unseen", " open")] : [String(number), make("span", "unseen", " decisions")];
  choose.append(" ", make("span", "amount", ...amount));
  choose.setAttribute("aria-pressed", String(state.path === name));
  item.append(choose);
  if (isOpen) item.append(branch(name));
  return item;
}
function fold(name) {
  if (!unfolded.delete(name)) unfolded.add(name);
  showTree();
}
