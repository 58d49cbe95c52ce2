// A click on a digest copies all of it; the keyboard can as well.
export function copyable(root) {
  if (!navigator.clipboard) return;
  for (const code of root.querySelectorAll("[data-copy]")) {
    code.tabIndex = 0;
    code.setAttribute("role", "button");
    code.setAttribute("aria-label", `Copy ${code.dataset.copy}`);
    const copy = async (event) => {
      event.preventDefault();
      event.stopPropagation();
      const before = code.textContent;
      await navigator.clipboard.writeText(code.dataset.copy);
      code.textContent = "copied";
      setTimeout(() => { code.textContent = before; }, 1200);
    };
    code.addEventListener("click", copy);
    code.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") copy(event);
    });
  }
}
