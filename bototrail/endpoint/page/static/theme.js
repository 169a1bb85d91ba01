// Before anything is drawn: the colours that were chosen here the last time.
"use strict";
try {
  const chosen = localStorage.getItem("bototrail-theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // nothing may be kept in this browser
}
