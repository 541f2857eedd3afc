/**
 * What the service worker keeps: scripts, styles and signs of the build, which are the same for everybody. No page, no
 * answer of the application and no picture is ever kept: on a shared phone there is nothing to find.
 */

/**
 * Under which name they are kept; the build puts a digest of itself in the place of "build" (vite.config.ts). So each
 * build has a worker of its own, which begins with nothing and forgets what the one before kept.
 */
export const SHELL = "sightline-shell-@build@";

/** Files whose name tells their content: what is kept of them is right for ever. */
const NAMED_BY_CONTENT = /-[A-Za-z0-9_-]{8}\.(?:js|css)$/;
const ASSETS = /^\/assets\/[^?]+\.(?:js|css|svg|json)$/;

/** What is done about a request: keep and give; ask first, and give what was kept when nobody answers; or nothing. */
export type Treatment = "kept_first" | "network_first" | "offline_page" | "untouched";

/** The part of a request that decides. */
export interface Asked {
  method: string;
  mode: string;
  url: string;
}

/** How a request is treated by the worker of `origin`. */
export function treatmentOf({ method, mode, url }: Asked, origin: string): Treatment {
  const address = new URL(url);
  if (method !== "GET" || address.origin !== origin) return "untouched";
  if (mode === "navigate") return address.pathname === "/officer/" ? "offline_page" : "untouched";
  if (address.search !== "" || !ASSETS.test(address.pathname)) return "untouched";
  return NAMED_BY_CONTENT.test(address.pathname) ? "kept_first" : "network_first";
}

/** Shown instead of the page while there is no network; it asks again by itself. */
export const OFFLINE_PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>No network - Sightline</title>
<style>body{margin:0;background:#0b0f14;color:#f4f7fa;font:1.125rem/1.4 system-ui,sans-serif;text-align:center}
main{padding:30vh 1rem 0}a{display:block;max-width:30rem;margin:2rem auto;padding:1.25rem;border-radius:.75rem;background:#ffcf3f;color:#171100;font-weight:600;text-decoration:none}</style>
</head><body><main><h1>No network</h1><p>Nothing is sent from this phone. The page opens by itself when the network is back.</p>
<a href="/officer/">Try now</a></main>
<script>const ask=()=>fetch("/officer/worker.js",{cache:"no-store"}).then((answer)=>{if(answer.ok)location.reload()}).catch(()=>0);
addEventListener("online",ask);setInterval(ask,3000)</script></body></html>`;
