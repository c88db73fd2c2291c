// The scenario is checked while it is written: what it assumes in words, or every problem with its line.
"use strict";
const text = document.querySelector("#scenario textarea"), checked = document.getElementById("checked");
let lastCheck = 0;

async function check() {
  const mine = ++lastCheck;
  if (!text.value.trim()) { checked.replaceChildren(); return; }
  const answer = await fetch("/api/v1/scenarios/check", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ text: text.value }) });
  const said = await answer.json();
  if (mine !== lastCheck) return;
  if (!answer.ok) { checked.replaceChildren(element("p", said.detail, { class: "problem" })); text.setAttribute("aria-invalid", "true"); return; }
  text.removeAttribute("aria-invalid");
  const list = element("ul");
  const assumed = said.assumptions;
  list.append(...assumed.map((line) => element("li", `${line.when}: ${line.what}`)));
  checked.replaceChildren(element("p", `${said.title}: it can be. ${assumed.length} assumption${assumed.length === 1 ? "" : "s"}:`, { class: "note" }), list);
}
text.addEventListener("input", settled(check, 350));
check();
