export function start(root: HTMLElement) {
  root.textContent = "Ringway";
}
