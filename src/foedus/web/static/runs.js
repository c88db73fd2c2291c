// Order a run, watch it, cancel, resume or remove it.
"use strict";
const problem = document.getElementById("problem");

async function send(method, address, body) {
  problem.hidden = true;
  const answer = await fetch(address, { method, headers: { "content-type": "application/json" }, body: body && JSON.stringify(body) });
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  const said = await answer.json().catch(() => ({ detail: `The server answered ${answer.status}.` }));
  problem.textContent = said.detail;
  problem.hidden = false;
  throw new Error(said.detail);
}

for (const form of document.querySelectorAll("form.order")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const order = { kind: form.dataset.kind };
    for (const input of form.elements) {
      if (input.name && input.value !== "") order[input.name] = input.type === "number" ? Number(input.value) : input.value;
    }
    try { location.assign(`/runs/${(await send("POST", "/api/v1/jobs", order)).id}`); } catch { /* told on the page */ }
  });
}

const run = document.getElementById("run");
if (run) {
  const address = `/api/v1/jobs/${run.dataset.id}`;
  for (const button of run.querySelectorAll("[data-act]")) {
    button.addEventListener("click", async () => {
      const act = button.dataset.act;
      try {
        if (act === "forget") { await send("DELETE", address); location.assign("/runs"); } else { await send("POST", `${address}/${act}`); location.reload(); }
      } catch { /* told on the page */ }
    });
  }
  if (!run.dataset.over) {
    const events = new EventSource(`${address}/events`);
    events.addEventListener("job", (event) => {
      const job = JSON.parse(event.data), bar = document.getElementById("progress"), status = document.getElementById("status");
      status.textContent = job.status;
      status.className = `badge ${job.status}`;
      document.getElementById("said").textContent = job.message || job.said;
      if (job.progress === null) bar.removeAttribute("value"); else bar.value = job.progress;
      if (["done", "failed", "cancelled", "interrupted"].includes(job.status)) { events.close(); location.reload(); }
    });
  }
}
