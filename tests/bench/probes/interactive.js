// In every page: `interactiveAt` resolves to when its button first stood on the screen, ready for a finger, in ms since
// the navigation began. A button that has to be scrolled to is none of the first screen's.
window.interactiveAt = new Promise((resolve, reject) => {
  const look = () => {
    const button = document.querySelector("form button[type=submit]");
    const box = button?.getBoundingClientRect();
    const hit = box && document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    if (button && !button.disabled && hit === button) resolve(performance.now());
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  setTimeout(() => reject(new Error("no button came onto the first screen")), 30_000);
});
