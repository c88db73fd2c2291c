// A part of this page is still being made: ask every few seconds, and show the page anew when it is there.
"use strict";
const awaited = "outlook-to-come";

async function ask() {
  const answer = await fetch(location.href).catch(() => null);
  if (answer && answer.status === 200 && !(await answer.text()).includes(`id="${awaited}"`)) location.reload();
  else setTimeout(ask, 5000);
}
if (document.getElementById(awaited)) setTimeout(ask, 3000);
