import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { basename, resolve } from "node:path";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Every file of src/pages is one page: src/pages/caller.ts becomes /assets/caller.js (+ /assets/caller.css). */
const pagesDirectory = resolve(import.meta.dirname, "src/pages");
const pages = Object.fromEntries(
  readdirSync(pagesDirectory)
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => [basename(file, ".ts"), resolve(pagesDirectory, file)]),
);

/** Style sheets of pages keep the page's name; everything else is told apart by its content. */
function assetName(names: readonly string[]): string {
  const isPageStyle = names.some((name) => name.endsWith(".css") && basename(name, ".css") in pages);
  return isPageStyle ? "assets/[name][extname]" : "assets/[name]-[hash][extname]";
}

/**
 * What every page with a live line needs: signalling, and the little of a picture that both its ends have. Left to itself
 * the bundler makes a file of each set of pages that shares something, of 300 bytes and less: on a bad line each costs the
 * caller a request of its own, and more headers than code. They are one file.
 */
const ON_EVERY_LIVE_PAGE = /src[\\/](?:signalling[\\/]|media[\\/](?:delay|play|sdp)\.ts|sharing[\\/]awake\.ts)|vite[\\/]preload-helper/;

/**
 * Put a digest of all that was built where the officer's service worker names its cache (src/officer/shell.ts): a new
 * build is a new worker, and browsers take over only a worker whose file has changed.
 */
function stampedWorker(): Plugin {
  return {
    name: "stamped-worker",
    generateBundle(_options, bundle): void {
      const digest = createHash("sha256");
      for (const name of Object.keys(bundle).sort()) {
        const file = bundle[name];
        digest.update(name).update(file?.type === "chunk" ? file.code : (file?.source ?? ""));
      }
      const worker = bundle["assets/officer_worker.js"];
      if (worker?.type !== "chunk" || !worker.code.includes("@build@")) this.error("the officer's worker has no place for its stamp");
      if (worker.imports.length > 0) this.error("the officer's worker is served as one file, and imports another");
      worker.code = worker.code.replaceAll("@build@", digest.digest("hex").slice(0, 16));
    },
  };
}

export default defineConfig({
  base: "/",
  plugins: [stampedWorker()],
  css: { preprocessorOptions: { scss: { loadPaths: [resolve(import.meta.dirname, "node_modules/govuk-frontend/dist")] } } },
  build: {
    outDir: "dist",
    assetsDir: "assets",
    // The browser floor of package.json's browserslist, by which eslint-plugin-compat checks what browsers offer.
    target: ["es2020", "safari15", "ios15", "chrome90", "firefox128"],
    cssTarget: ["safari15", "ios15", "chrome90", "firefox128"],
    manifest: true,
    sourcemap: false,
    // The policy of the pages forbids data: addresses for scripts and fonts; nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: pages,
      output: {
        entryFileNames: "assets/[name].js",
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: (asset) => assetName(asset.names),
        codeSplitting: { groups: [{ name: "live_pages", test: ON_EVERY_LIVE_PAGE }] },
      },
    },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.ts"],
    restoreMocks: true,
  },
});
