// The atlas while the slider moves: colours, counts, treaties and partners of the year; every state of it is a link.
"use strict";
const slider = document.getElementById("year"), said = document.getElementById("year-said"), box = document.getElementById("atlas");
const bands = ["1", "2-4", "5-14", "15-29", "30-49", "50 or more"];
const years = new Map();
let chosen = box.dataset.chosen, shown = null;

async function load(year) {
  if (!years.has(year)) years.set(year, fetch(`/api/v1/atlas/${year}`).then((a) => { if (!a.ok) throw new Error(`atlas ${year}: ${a.status}`); return a.json(); }));
  try { return await years.get(year); } catch (error) { years.delete(year); throw error; }
}

const nameOf = (code) => shown.names[code] ?? code;
const dayText = (day) => new Date(`${day}T00:00:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

function classOf(state) {
  if (!chosen) return shown.bands[state] ? `b${bands.indexOf(shown.bands[state])}` : "";
  return state === chosen ? "me" : (shown.partners[chosen] ?? []).includes(state) ? "ally" : "";
}

function paint() {
  for (const link of document.querySelectorAll(".world a[data-code]")) {
    const state = shown.ground[link.dataset.code] ?? link.dataset.code;
    link.dataset.state = state;
    link.setAttribute("href", `/states/${state}?on=${shown.on}`);
    const path = link.firstElementChild;
    path.setAttribute("class", classOf(state) + (path.classList.contains("faint") ? " faint" : ""));
    path.firstElementChild.textContent = nameOf(state);
  }
  for (const circle of document.querySelectorAll(".world circle")) {
    const state = circle.parentElement.dataset.state;
    circle.setAttribute("class", classOf(state));
  }
}

function tell() {
  document.getElementById("on").textContent = dayText(shown.on);
  for (const key of ["treaties", "defence", "states", "bound"]) document.getElementById(`n-${key}`).textContent = shown[`n_${key}`];
  document.getElementById("key").hidden = Boolean(chosen);
  document.getElementById("key-chosen").hidden = !chosen;
  document.getElementById("me-name").textContent = nameOf(chosen);
  document.querySelector("#treaties tbody").replaceChildren(...shown.treaties.map(row));
  document.getElementById("states").replaceChildren(...Object.keys(shown.partners).map((code) => {
    const item = element("li");
    item.append(element("a", nameOf(code), { href: address(code) }), " ", element("span", String(shown.partners[code].length), { class: "n" }));
    return item;
  }));
  document.getElementById("chosen").replaceChildren(...(chosen ? aside() : [element("h2", "Choose a state"), element("p", "On the map, or from the list, to see who is bound to it.")]));
}

function row(t) {
  const made = element("tr"), head = element("th", "", { scope: "row" }), pledges = element("td", "", { "data-label": "Pledges" });
  head.append(element("a", t.title, { href: `/treaties/${t.id}?on=${shown.on}` }));
  for (const p of t.pledges) pledges.append(element("span", p.replace("non_", "non-").replaceAll("_", " "), { class: `pledge ${p}` }), " ");
  if (!t.pledges.length) pledges.append(element("span", "no duty", { class: "none" }));
  made.append(head, element("td", dayText(t.since), { class: "d", "data-label": "Since" }), element("td", String(t.members.length), { class: "r", "data-label": "Parties" }), pledges);
  return made;
}

function aside() {
  const partners = shown.partners[chosen] ?? [], title = element("h2"), list = element("ul", "", { class: "names" }), back = element("p");
  title.append(element("a", nameOf(chosen), { href: `/states/${chosen}?on=${shown.on}` }));
  list.append(...partners.map((p) => { const item = element("li"); item.append(element("a", nameOf(p), { href: address(p) })); return item; }));
  back.append(element("a", "All states", { href: address("") }));
  const n = partners.length;
  return [title, element("p", n ? `Shares a defence pledge with ${n} state${n > 1 ? "s" : ""}:` : "Shares no defence pledge with another state."), list, back];
}

const address = (state) => `/?year=${slider.value}${state ? `&state=${state}` : ""}`;

async function show(how) {
  const year = slider.value;
  said.textContent = year;
  const found = await load(year);
  if (slider.value !== year) return;
  shown = found;
  paint();
  tell();
  if (how) history[how]({ year, chosen }, "", address(chosen));
}

slider.addEventListener("input", settled(() => show(null), 25));
slider.addEventListener("input", () => { said.textContent = slider.value; });
slider.addEventListener("change", () => show("pushState"));
document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const place = event.target.closest(".world a"), listed = event.target.closest("#states a, #chosen a[href^='/?']");
  if (!place && !listed) return;
  event.preventDefault();
  const next = place ? place.dataset.state : new URL(listed.href).searchParams.get("state") ?? "";
  chosen = place && next === chosen ? "" : next;
  show("pushState");
});
addEventListener("popstate", () => {
  const query = new URLSearchParams(location.search);
  slider.value = query.get("year") ?? (query.get("on") ?? "").slice(0, 4) ?? slider.max;
  if (!query.get("year") && !query.get("on")) slider.value = slider.max;
  chosen = query.get("state") ?? "";
  show(null);
});
