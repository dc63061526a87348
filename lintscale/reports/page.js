"use strict";
const form = document.forms.filter;
const findings = [...document.querySelectorAll(".finding")];
const files = [...document.querySelectorAll(".file")];
function show() {
  const chosen = new FormData(form), severities = chosen.getAll("severity"), rule = chosen.get("rule");
  let shown = 0;
  for (const each of findings) {
    each.hidden = !severities.includes(each.dataset.severity) || (rule !== "" && rule !== each.dataset.rule);
    shown += !each.hidden;
  }
  for (const file of files) file.hidden = !file.querySelector(".finding:not([hidden])");
  form.elements.shown.value = `${shown} of ${findings.length} shown`;
}
function reveal() {
  const target = document.getElementById(location.hash.slice(1));
  if (!target) return;
  if (target.closest("[hidden]")) { form.reset(); show(); }
  if (target.matches("details")) target.open = true;
  target.scrollIntoView();
}
form.hidden = false;
form.addEventListener("change", show);
addEventListener("hashchange", reveal);
addEventListener("pageshow", () => { show(); reveal(); });
