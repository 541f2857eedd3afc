/** What the gallery shows: stills that are evidence and uploads, oldest first. Pure. */

import type { StillView, UploadView } from "../signalling/messages";
import type { SessionDetails } from "./state";

/** One thing in the strip: a still, or an upload. */
export interface GalleryEntry {
  id: string;
  at: string;
  still: StillView | null;
  upload: UploadView | null;
}

/** Addresses of what can be looked at. */
export interface Shown {
  small: string;
  large: string;
  original: string;
  isFilm: boolean;
}

/** Entries of a session. Pictures that stand for video are live, and have no place here. */
export function galleryOf(details: SessionDetails): GalleryEntry[] {
  const stills = details.stills.filter((still) => still.purpose !== "ladder");
  const entries: GalleryEntry[] = [
    ...stills.map((still) => ({ id: still.id, at: still.received_at, still, upload: null })),
    ...details.uploads.map((upload) => ({ id: upload.id, at: upload.created_at, still: null, upload })),
  ];
  return entries.sort((a, b) => a.at.localeCompare(b.at));
}

/** Where an entry can be looked at; null for what is not ready. */
export function pictureOf(entry: GalleryEntry): Shown | null {
  const { still, upload } = entry;
  const itemId = still?.item_id ?? upload?.item_id ?? null;
  if (itemId === null || (upload !== null && upload.state !== "ready")) return null;
  const file = (role: string): string => `/api/v1/items/${itemId}/files/${role}/`;
  if (still !== null) return { small: `${still.url}?size=small`, large: still.url, original: file("original"), isFilm: false };
  const isFilm = upload?.medium === "video";
  return { small: file("thumbnail"), large: file(isFilm ? "playable" : "picture"), original: file("original"), isFilm };
}

const REFUSALS: Record<string, string> = {
  type_refused: "not a photo or video that can be used",
  too_many_pixels: "too large a picture",
  cut_off: "cut off, or damaged",
};

/** How an upload stands, in words. */
export function uploadWord(upload: UploadView): string {
  switch (upload.state) {
    case "arriving":
      return `arriving, ${upload.bytes === 0 ? 0 : Math.floor((100 * upload.received_bytes) / upload.bytes)} %`;
    case "checking":
      return "being checked";
    case "ready":
      return "ready";
    case "refused":
      return `refused: ${REFUSALS[upload.refusal] ?? "it cannot be used"}`;
    case "expired":
      return "never arrived whole";
  }
}

/** A size for people. */
export function sizeWord(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.max(1, Math.round(bytes / 1_000))} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
