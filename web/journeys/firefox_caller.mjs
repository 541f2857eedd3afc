/**
 * The caller's journey in Firefox, as a person walks it: link, consent, location, camera, message, STOP.
 *
 * node firefox_caller.mjs LINK GEOLOCATION_URL
 *
 * Says each step as one JSON line, `{"step": ...}`. Waits for a line on standard input before it presses STOP, so that
 * whoever started it can look at the other end meanwhile. Ends with code 1 and `{"failed": ...}` when a step fails.
 */

import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";

const FIREFOX = "/usr/bin/firefox-esr";
const PHONE = { width: 360, height: 740 };
const PATIENCE_MS = 30_000;
const UNTICKED = "input[type=checkbox]:not(:checked)";

/** A camera and a position that need no hardware; the rest lets media run over loopback. */
const preferences = (geolocation) => ({
  "media.navigator.streams.fake": true,
  "media.peerconnection.ice.loopback": true,
  // Without a standing permission Firefox gathers only its default address, and there is none without a route.
  "permissions.default.camera": 1,
  "permissions.default.microphone": 1,
  "permissions.default.geo": 1,
  "geo.provider.network.url": geolocation,
  "geo.provider.use_geoclue": false,
  "media.gmp-manager.url": "",
});

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

async function press(page, name) {
  await page.locator(`::-p-aria(${name}[role="button"])`).setTimeout(PATIENCE_MS).click();
  say({ step: `pressed ${name}` });
}

async function tickEverything(page) {
  await page.waitForSelector("input[type=checkbox]", { timeout: PATIENCE_MS });
  // Agreeing to video brings one more box: agreeing to be recorded.
  for (let box = await page.$(UNTICKED); box !== null; box = await page.$(UNTICKED)) await box.click();
}

async function see(page, text) {
  await page.waitForFunction((wanted) => document.body.innerText.includes(wanted), { timeout: PATIENCE_MS }, text);
  say({ step: `saw ${text}` });
}

async function share(page, link) {
  await page.goto(link);
  await press(page, "Continue");
  await page.waitForFunction(() => location.pathname === "/live/", { timeout: PATIENCE_MS });
  await press(page, "Continue");
  await tickEverything(page);
  await press(page, "I agree");
  await press(page, "Share my location");
  await press(page, "Start my camera");
  await see(page, "They can see you now");
}

async function write(page, text) {
  await page.focus("#chat-text");
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
}

/** What the phone's own camera shows: pictures, not a black box. */
async function ownFrames(page) {
  return page.evaluate(() => Math.max(0, ...[...document.querySelectorAll("video")].map((v) => v.videoWidth)));
}

async function main(link, geolocation) {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const browser = await puppeteer.launch({
    browser: "firefox", executablePath: FIREFOX, headless: true, extraPrefsFirefox: preferences(geolocation),
  });
  try {
    const page = await browser.newPage();
    await page.setViewport(PHONE);
    const faults = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    await share(page, link);
    await write(page, "Sent from Firefox");
    say({ step: "sharing", version: await browser.version(), ownWidth: await ownFrames(page) });
    await lines.next();
    await page.locator(".button-stop").setTimeout(PATIENCE_MS).click();
    await see(page, "You have stopped sharing");
    say({ step: "stopped", faults });
  } finally {
    await browser.close();
  }
}

try {
  await main(process.argv[2], process.argv[3]);
} catch (error) {
  say({ failed: String(error) });
  process.exitCode = 1;
} finally {
  process.stdin.destroy();
}
