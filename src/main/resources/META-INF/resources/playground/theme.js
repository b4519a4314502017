// Before the first paint, so that a dark page never flashes white. A plain script: modules run later.
(() => {
  const wanted = localStorage.getItem("theme");
  if (wanted === "light" || wanted === "dark") document.documentElement.dataset.theme = wanted;
})();
