// Keeps what is marked data-live up to date: the same page is asked for again, and that part of it put in place.
"use strict";

const seconds = Number(document.body.dataset.refresh || 0);

async function lookAgain() {
  const live = document.querySelector("[data-live]");
  const busy = document.hidden || !live || live.contains(document.activeElement) || live.querySelector("details[open]")
    || String(getSelection());
  if (!busy) {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.redirected) { location.reload(); return; }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.querySelector("[data-live]");
      if (answer.ok && next) live.replaceWith(next);
      else if (answer.ok) location.reload(); // what was going on is over: the page shows what came of it
    } catch { /* the server is away: the next look tells */ }
  }
  setTimeout(lookAgain, seconds * 1000);
}

if (seconds) setTimeout(lookAgain, seconds * 1000);
for (const log of document.querySelectorAll("pre.log")) log.scrollTop = log.scrollHeight;
document.querySelector("[aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
