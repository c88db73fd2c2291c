// On every page: light or dark, and finding a state or treaty while typing. Everything here only adds to what works without it.
"use strict";
document.documentElement.classList.add("scripted");

const theme = document.getElementById("theme");
const saved = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
if (saved()) document.documentElement.dataset.theme = saved();
theme.hidden = false;
theme.addEventListener("click", () => {
  const dark = getComputedStyle(document.documentElement).colorScheme === "dark" ||
    (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "light" : "dark";
  try { localStorage.setItem("theme", document.documentElement.dataset.theme); } catch { /* a private window: for this page only */ }
});

/** An element with text and attributes; text is never read as HTML. */
function element(name, text = "", attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** `call` when nothing has happened for `ms`. */
function settled(call, ms) {
  let timer = 0;
  return (...given) => { clearTimeout(timer); timer = setTimeout(() => call(...given), ms); };
}

const find = document.getElementById("find"), found = document.getElementById("found");
let asked = 0;
async function suggest() {
  const q = find.value.trim(), mine = ++asked;
  if (q.length < 2) { found.hidden = true; return; }
  const answer = await fetch(`/api/v1/search?q=${encodeURIComponent(q)}`);
  if (!answer.ok || mine !== asked) return;
  const { states, treaties } = await answer.json();
  const rows = [...states.slice(0, 6).map((s) => [`/states/${s.code}`, s.name, "state"]), ...treaties.slice(0, 8).map((t) => [`/treaties/${t.id}`, t.title, "treaty"])];
  found.replaceChildren(...rows.map(([href, name, kind]) => {
    const link = element("a", name, { href });
    link.append(element("span", kind));
    const item = element("li");
    item.append(link);
    return item;
  }), ...(rows.length ? [] : [element("li", "Nothing is called that.", { class: "none" })]));
  found.hidden = false;
}
find.addEventListener("input", settled(suggest, 120));
find.closest("form").addEventListener("keydown", (event) => {
  const links = [...found.querySelectorAll("a")], at = links.indexOf(document.activeElement);
  if (event.key === "ArrowDown" && links.length && !found.hidden) { links[Math.min(at + 1, links.length - 1)].focus(); event.preventDefault(); }
  if (event.key === "ArrowUp" && at >= 0) { (at ? links[at - 1] : find).focus(); event.preventDefault(); }
  if (event.key === "Escape") { found.hidden = true; find.focus(); }
});
document.addEventListener("click", (event) => { if (!find.closest("form").contains(event.target)) found.hidden = true; });
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) { find.focus(); event.preventDefault(); }
});
for (const form of document.querySelectorAll("form.day")) form.addEventListener("change", () => form.reportValidity() && form.submit());
