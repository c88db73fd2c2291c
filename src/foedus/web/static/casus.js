// The verdict while the form changes; the address follows, so that it can be shared and the back button works.
"use strict";
const form = document.getElementById("casus"), place = document.getElementById("verdict");
let last = 0;

function query() {
  const said = new URLSearchParams();
  for (const [key, value] of new FormData(form)) {
    if (!value.trim() || (key === "kind" && value === "armed_attack")) continue;
    said.append(key, value.trim());
  }
  return said;
}

async function answer(said, how) {
  if (!said.get("attacker") || !said.get("target")) return;
  const mine = ++last;
  place.classList.add("stale");
  try {
    const found = await fetch(`/casus?${said}&part=verdict`);
    const html = await found.text();
    if (mine !== last) return;
    if (!found.ok) { location.assign(`/casus?${said}`); return; }
    place.innerHTML = html; // our own template, everything in it escaped by the server
    document.querySelector(".examples")?.closest("section").remove();
    if (how) history[how]({}, "", `/casus?${said}`);
  } finally {
    if (mine === last) place.classList.remove("stale");
  }
}

const changed = settled(() => answer(query(), "replaceState"), 250);
form.addEventListener("input", changed);
form.addEventListener("submit", (event) => { event.preventDefault(); answer(query(), "pushState"); });
for (const button of form.querySelectorAll("[data-more]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const first = form.querySelector(`input[name=${button.dataset.more}]`), more = first.cloneNode();
    more.value = "";
    button.before(more);
    more.focus();
  });
}
addEventListener("popstate", () => location.reload());
