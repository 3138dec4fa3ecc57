// Everything begins here: who listens to what.
function startDecisions() {
  fillForm();
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
    const pressed = event.target.closest("button");
    if (pressed) press(pressed);
  });
  addEventListener("hashchange", () => {
    if (!read()) return;
    search();
    show();
  });
}
function press(pressed) {
  const { sort, page, at, clear, fold: folder, path, copy: what, of, save: kind, locate: place } = pressed.dataset;
  if (sort) {
    update({ sort: state.sort === sort ? `-${sort}` : sort });
  } else if (page && pressed.getAttribute("aria-disabled") === "false") {
    const last = Math.ceil(found.length / SIZE);
    update({ page: { first: 1, previous: state.page - 1, next: state.page + 1, last }[page] });
  } else if (at) {
    toggle(pressed);
  } else if (clear) {
    update({ [clear]: "" });
    section.focus({ preventScroll: true });
  } else if (folder !== undefined) {
    fold(folder);
  } else if (path !== undefined) {
    update({ path: state.path === path ? "" : path });
  } else if (what === "view") {
    copy(address(state), "link");
  } else if (what === "row") {
    copy(address({ ...START, row: key(all[Number(of)].view) }), "link");
  } else if (what === "reason") {
    copy(pressed.closest(".said").querySelector("pre.copy").textContent, "reason");
  } else if (kind) {
    save(kind);
  } else if (place) {
    locate(Number(place));
  }
}

// Numbers lead to their rows.
function startLinks() {
  for (const way of document.querySelectorAll("a[data-rows]")) way.setAttribute("href", `#${way.dataset.rows}`);
  document.addEventListener("click", (event) => {
    const way = event.target.closest('a[href^="#"]');
    if (!way || !way.getAttribute("href").includes("=")) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    // After the fragment has changed.
    setTimeout(() => {
      section.scrollIntoView();
      section.focus({ preventScroll: true });
    }, 0);
  });
}
// Long tables are folded, where there is a script to unfold them.
function startFolds() {
  for (const more of document.querySelectorAll("[data-unfold]")) {
    const rest = document.getElementById(more.dataset.unfold);
    rest.hidden = true;
    const words = more.textContent;
    more.addEventListener("click", () => {
      rest.hidden = !rest.hidden;
      more.setAttribute("aria-expanded", String(!rest.hidden));
      more.textContent = rest.hidden ? words : "Fewer";
    });
  }
}

if (section) {
  for (const hidden of document.querySelectorAll("[data-script]")) hidden.hidden = false;
  if (matchMedia("(max-width: 62rem)").matches) document.querySelector("#folders details").open = false;
  startDecisions();
  startLinks();
  startFolds();
  startMap();
  read();
  search();
  show();
}
