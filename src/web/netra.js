// Keys for those who want them; every page works without. A key selects, it never submits.
"use strict";
(function () {
  var off = false;
  try { off = localStorage.getItem("pintasan") === "mati"; } catch (e) { off = false; }
  var go = { a: "/antrean", d: "/", s: "/sumber", l: "/laporan" };
  var waiting = false;
  function rows() { return Array.prototype.slice.call(document.querySelectorAll(".antrean .nomor")); }
  function step(by) {
    var all = rows();
    var at = all.indexOf(document.activeElement) + by;
    if (all.length) { all[Math.max(0, Math.min(all.length - 1, at))].focus(); }
  }
  document.addEventListener("keydown", function (event) {
    var target = event.target;
    var writes = /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && target.type !== "radio";
    if (event.key === "Enter" && event.ctrlKey && target.form && target.form.dataset.kunci) {
      var save = target.form.querySelector("button[name=lanjut]");
      if (save) { save.click(); }
      return;
    }
    if (event.key === "Escape" && writes) { target.blur(); return; }
    if (off || writes || event.ctrlKey || event.altKey || event.metaKey) { return; }
    if (waiting) { waiting = false; if (go[event.key]) { location.href = go[event.key]; } return; }
    if (event.key === "g") { waiting = true; return; }
    if (event.key === "j") { step(1); return; }
    if (event.key === "k") { step(-1); return; }
    if (event.key === "u") { location.href = "/antrean"; return; }
    if (/^[1-4]$/.test(event.key)) {
      var radio = document.querySelector('input[data-kunci="' + event.key + '"]');
      if (radio) { radio.checked = true; radio.focus(); event.preventDefault(); }
    }
  });
  // whoever dictates or shares a keyboard can switch single letters off (WCAG 2.1.4)
  var button = document.createElement("button");
  function name() { button.textContent = "Pintasan satu huruf: " + (off ? "mati" : "aktif"); }
  button.id = "pintasan";
  button.type = "button";
  button.className = "polos";
  button.addEventListener("click", function () {
    off = !off;
    try { localStorage.setItem("pintasan", off ? "mati" : "aktif"); } catch (e) { /* for this page only */ }
    name();
  });
  name();
  document.querySelector("footer").appendChild(button);
  var fault = document.querySelector(".galat");
  if (fault) { fault.focus(); }
})();
