// In every caller's page: when the newest tap was handled, by the machine's clock.
document.addEventListener("click", () => (window.tappedAt = Date.now()), true);
