// What makes the pages quicker. Everything works without it: links are links and forms are forms.
"use strict";

(() => {
  // What it says, in the page's language; English is written as the pages write it.
  const words = document.currentScript.dataset;
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  const isTyping = (element) => element.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

  // --- single letters, which can be switched off (WCAG 2.1.4) ---
  const toggle = document.getElementById("single-keys");
  const stored = () => { try { return localStorage.getItem("single-keys"); } catch { return null; } };
  if (toggle) {
    toggle.checked = stored() !== "off";
    toggle.addEventListener("change", () => {
      try { localStorage.setItem("single-keys", toggle.checked ? "on" : "off"); } catch { /* for this page only */ }
    });
  }

  const move = (step) => {
    const items = [...document.querySelectorAll("[data-list] a[data-item]")];
    if (!items.length) return;
    const at = items.indexOf(document.activeElement);
    items[Math.min(Math.max(at + step, 0), items.length - 1)].focus();
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest("form");
      const buttons = form ? form.querySelectorAll("button[type=submit]:enabled") : [];
      // Where there are two, such as approve and decline, no key chooses one of them.
      if (buttons.length === 1) { event.preventDefault(); form.requestSubmit(buttons[0]); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (!toggle || !toggle.checked) return;
    if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else {
      const link = /^[a-z]$/.test(event.key) && document.querySelector(`[data-key="${event.key}"]`);
      if (!link) return;
      link.click();
    }
    event.preventDefault();
  });

  // --- a form is sent once ---
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => {  // also when the browser goes back to a page it kept
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    }
  });

  // --- copying what is shown once ---
  for (const button of document.querySelectorAll("[data-copies]")) {
    const source = document.getElementById(button.dataset.copies);
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(source.value);
      button.textContent = words.copied;
    });
  }

  // --- time that is left; what has lapsed can be used no more, and says what can be done instead ---
  const lapse = ({ lapses, lapsed }) => {
    document.getElementById(lapses).hidden = true;
    document.getElementById(lapsed).hidden = false;
    const banner = document.querySelector(".verdict.cleared");
    if (!banner) return;
    banner.classList.replace("cleared", "needs_review");
    banner.querySelector(".word").textContent = document.querySelector(`#${lapsed} h3`).textContent;
    for (const element of document.querySelectorAll(".verdict .symbol, .next .step")) element.remove();
  };
  const countdowns = [...document.querySelectorAll("time[data-until]")];
  const count = () => {
    for (const element of countdowns) {
      const seconds = Math.max(0, Math.round((Date.parse(element.dateTime) - Date.now()) / 1000));
      const left = words.left.replace("{minutes}", Math.floor(seconds / 60)).replace("{seconds}", seconds % 60);
      element.textContent = seconds ? left : words.expired;
      if (!seconds && element.dataset.lapses) lapse(element.dataset);
    }
  };
  if (countdowns.length) { count(); setInterval(count, 1000); }

  // --- the time here beside UTC; without the script UTC stands alone ---
  const clock = (at, withDay) => new Intl.DateTimeFormat(language, {
    hour: "2-digit", minute: "2-digit", hour12: false, ...(withDay ? { day: "numeric", month: "long" } : {}),
  }).format(at);
  for (const element of document.querySelectorAll("main time[datetime]:not([data-until])")) {
    const at = new Date(element.dateTime);
    if (Number.isNaN(at.getTime()) || !element.textContent.includes("UTC") || !at.getTimezoneOffset()) continue;
    const local = document.createElement("span");
    local.className = "local of";
    local.textContent = ` (${words.here.replace("{time}", clock(at, at.getDate() !== at.getUTCDate()))})`;
    element.after(local);
  }

  // --- a file that is too large is not sent for minutes to be refused ---
  for (const input of document.querySelectorAll("input[type=file][data-max-bytes]")) {
    input.addEventListener("change", () => {
      const tooLarge = [...input.files].some((file) => file.size > Number(input.dataset.maxBytes));
      input.setCustomValidity(tooLarge ? words.tooLarge : "");
      input.reportValidity();
    });
  }

  // --- what goes on in the background: the element is fetched anew until it says no more ---
  const refresh = async (id) => {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (response && response.redirected) { location.reload(); return; }  // signed out
    if (response && response.ok) {
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.getElementById(id);
      const shown = document.getElementById(id);
      if (!fresh || !shown) { location.reload(); return; }
      shown.replaceWith(fresh);
      if (!fresh.dataset.refresh) { location.reload(); return; }
    }
    schedule(document.getElementById(id));
  };
  const schedule = (element) => {
    if (element) setTimeout(() => refresh(element.id), 1000 * Number(element.dataset.refresh || 5));
  };
  for (const element of document.querySelectorAll("[data-refresh][id]")) schedule(element);
})();
