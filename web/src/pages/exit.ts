/** In the head of every public page, before anything of it is drawn: the way out, and no way back. */

import { guardExit } from "../public/exit";

const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
guardExit(
  {
    page: document,
    storage: sessionStorage,
    arrival: () => entry?.type ?? "navigate",
    replace: (url) => location.replace(url),
  },
  window,
);
