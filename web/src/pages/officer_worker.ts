/**
 * The officer's service worker, served as /officer/worker.js: without a network the page says so, instead of the browser;
 * and it shows what is pushed while no page is open.
 */

import { openPage, showPush, type PushScope } from "../officer/push";
import { OFFLINE_PAGE, SHELL, treatmentOf } from "../officer/shell";

/** What a worker has that a page has not; the types of the DOM know only pages. */
interface WorkerEvent extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface FetchEvent extends WorkerEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface PushedEvent extends WorkerEvent {
  readonly data: { text(): string } | null;
}
interface TappedEvent extends WorkerEvent {
  readonly notification: Notification;
}
interface WorkerScope extends PushScope {
  readonly clients: PushScope["clients"] & { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", listener: (event: WorkerEvent) => void): void;
  addEventListener(type: "fetch", listener: (event: FetchEvent) => void): void;
  addEventListener(type: "push", listener: (event: PushedEvent) => void): void;
  addEventListener(type: "notificationclick", listener: (event: TappedEvent) => void): void;
}

const worker = self as unknown as WorkerScope;

worker.addEventListener("install", (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (event) => event.waitUntil(takeOver()));
worker.addEventListener("push", (event) => event.waitUntil(showPush(worker, event.data?.text() ?? null)));
worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openPage(worker));
});
worker.addEventListener("fetch", (event) => {
  switch (treatmentOf(event.request, location.origin)) {
    case "kept_first":
      event.respondWith(keptFirst(event.request));
      return;
    case "network_first":
      event.respondWith(networkFirst(event.request));
      return;
    case "offline_page":
      event.respondWith(fetch(event.request).catch(() => new Response(OFFLINE_PAGE, { headers: { "Content-Type": "text/html; charset=utf-8" } })));
      return;
    case "untouched":
      return;
  }
});

/** Forget what was kept of an earlier build: its worker has another name for it. */
async function takeOver(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== SHELL).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

async function keptFirst(request: Request): Promise<Response> {
  const kept = await caches.match(request);
  return kept ?? networkFirst(request);
}

async function networkFirst(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request);
    if (answer.ok) await (await caches.open(SHELL)).put(request, answer.clone());
    return answer;
  } catch (error) {
    const kept = await caches.match(request);
    if (kept === undefined) throw error;
    return kept;
  }
}
