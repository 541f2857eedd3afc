/**
 * A person's way into a meeting in Firefox, at the size of a phone: link, name and "are you alone?", waiting room, call, leave.
 *
 * node firefox_meeting.mjs LINK
 *
 * Says each step as one JSON line, `{"step": ...}`: `waiting` once the person waits (somebody must then admit them), `in_call`
 * with the width of every picture that is shown, and again with each line on standard input but the last one, `leave`. Ends
 * with code 1 and `{"failed": ...}` when a step fails.
 */

import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";

const FIREFOX = "/usr/bin/firefox-esr";
const PHONE = { width: 360, height: 740 };
const PATIENCE_MS = 30_000;

/** Camera and microphone that need no hardware; the rest lets media run over loopback, and sound begin without a tap. */
const PREFERENCES = {
  "media.navigator.streams.fake": true,
  "media.peerconnection.ice.loopback": true,
  "permissions.default.camera": 1,
  "permissions.default.microphone": 1,
  "media.autoplay.default": 0,
  "media.gmp-manager.url": "",
};

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const named = (name) => `[data-testid="${name}"]`;

async function press(page, selector) {
  await page.locator(selector).setTimeout(PATIENCE_MS).click();
  say({ step: `pressed ${selector}` });
}

/** Widths of the pictures that are on the screen, by whose they are. */
async function widths(page) {
  return page.evaluate(() =>
    Object.fromEntries([...document.querySelectorAll(".tile:not([hidden])")].map((tile) => [tile.dataset.key, tile.querySelector("video")?.videoWidth ?? 0])));
}

async function enter(page, link) {
  await page.goto(link);
  await press(page, "main form button[type=submit]");
  await page.waitForFunction(() => location.pathname === "/meeting/", { timeout: PATIENCE_MS });
  await press(page, named("alone-yes"));
  await press(page, named("ready"));
  await page.waitForSelector(named("waiting"), { timeout: PATIENCE_MS });
  say({ step: "waiting" });
  await page.waitForSelector(`${named("room")}[data-state="in"]`, { timeout: 4 * PATIENCE_MS });
  // The own picture and somebody else's.
  await page.waitForFunction(
    () => [...document.querySelectorAll(".tile:not([hidden]) video")].filter((video) => video.videoWidth > 0).length >= 2, { timeout: PATIENCE_MS });
}

async function main(link) {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const browser = await puppeteer.launch({ browser: "firefox", executablePath: FIREFOX, headless: true, extraPrefsFirefox: PREFERENCES });
  try {
    const page = await browser.newPage();
    await page.setViewport(PHONE);
    const faults = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    await enter(page, link);
    say({ step: "in_call", version: await browser.version(), widths: await widths(page) });
    for (let line = await lines.next(); !line.done && line.value !== "leave"; line = await lines.next()) say({ step: "in_call", widths: await widths(page) });
    await press(page, named("leave-call"));
    await press(page, named("leave-yes"));
    await page.waitForSelector(named("waits-outside"), { timeout: PATIENCE_MS });
    say({ step: "left", faults });
  } finally {
    await browser.close();
  }
}

try {
  await main(process.argv[2]);
} catch (error) {
  say({ failed: String(error) });
  process.exitCode = 1;
} finally {
  process.stdin.destroy();
}
