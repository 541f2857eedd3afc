import { readdirSync } from "node:fs";
import { basename, resolve } from "node:path";
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

export default defineConfig({
  base: "/",
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
      },
    },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.ts"],
    restoreMocks: true,
  },
});
