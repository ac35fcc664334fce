// Asks for new posts while somebody watches, and puts them where they belong.
"use strict";

const EVERY = 1500; // milliseconds
const words = document.body.dataset;
const language = document.documentElement.lang;
let change = Number(words.change);

function ago(time) {
  const seconds = (Date.now() - new Date(time.dateTime).getTime()) / 1000;
  const told = (count, unit) =>
    new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "narrow" }).format(Math.max(1, Math.round(count)));
  if (seconds < 45) return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(0, "second");
  if (seconds < 3570) return told(seconds / 60, "minute");
  if (seconds < 86400) return told(seconds / 3600, "hour");
  return new Date(time.dateTime).toLocaleDateString(language, { day: "numeric", month: "short" });
}

function tellTimes(within) {
  for (const time of within.querySelectorAll("time")) {
    time.textContent = ago(time);
    time.title = new Date(time.dateTime).toLocaleString(language);
  }
}

function place(post) {
  const made = document.createRange().createContextualFragment(post.html).querySelector("article");
  const old = document.getElementById(post.key);
  tellTimes(made);
  if (old) {
    old.replaceWith(made);
    return;
  }
  made.classList.add("fresh");
  document.querySelector(`[data-feed="${post.platform}"]`).prepend(made);
  const title = document.getElementById(`${post.platform}-title`).textContent.trim();
  document.getElementById("announce").textContent = `${words.new} ${title}`;
}

function count(platform) {
  const living = document.querySelectorAll(`[data-feed="${platform}"] > .post:not(.gone)`).length;
  for (const place of document.querySelectorAll(`[data-count="${platform}"]`)) place.textContent = living;
}

function tell(answers) {
  document.getElementById("status").classList.toggle("lost", !answers);
  document.getElementById("status-text").textContent = answers ? words.watching : words.lost;
}

async function ask() {
  const answer = await fetch(`/updates?after=${change}&lang=${language}`);
  if (!answer.ok) throw new Error(`the sandbox answered ${answer.status}`);
  const news = await answer.json();
  if (news.change < change) location.reload(); // another sandbox has taken its place
  news.posts.forEach(place);
  new Set(news.posts.map((post) => post.platform)).forEach(count);
  change = news.change;
}

async function watch() {
  if (!document.hidden) {
    try {
      await ask();
      tell(true);
    } catch {
      tell(false);
    }
  }
  setTimeout(watch, EVERY);
}

tellTimes(document);
setInterval(() => tellTimes(document), 20000);
watch();
