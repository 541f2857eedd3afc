/** Which browser this is, as far as the way to its permissions depends on it. */

export type BrowserFamily = "ios_safari" | "ios_other" | "chromium_android" | "firefox_android" | "in_app" | "other";

/** Apps that show pages in a window of their own, often without a camera. */
const IN_APP = /\b(FBAN|FBAV|Instagram|Line\/|Snapchat|WhatsApp|Twitter|TikTok|BytedanceWebview|GSA\/)|; wv\)/;

/** Name the family from a user agent string. A guess: it chooses words, never what is possible. */
export function browserFamily(userAgent: string): BrowserFamily {
  if (IN_APP.test(userAgent)) return "in_app";
  if (/iPhone|iPad|iPod/.test(userAgent)) {
    if (/CriOS|FxiOS|EdgiOS|OPT\//.test(userAgent)) return "ios_other";
    // A web view of an app leaves "Safari" out.
    return userAgent.includes("Safari/") ? "ios_safari" : "in_app";
  }
  if (!userAgent.includes("Android")) return "other";
  return userAgent.includes("Firefox/") ? "firefox_android" : "chromium_android";
}
