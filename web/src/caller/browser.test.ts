import { describe, expect, it } from "vitest";
import { browserFamily } from "./browser";

const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
const ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8";

describe("browserFamily", () => {
  it.each([
    [`${IPHONE} Version/18.1 Mobile/15E148 Safari/604.1`, "ios_safari"],
    [`${IPHONE} CriOS/131.0 Mobile/15E148 Safari/604.1`, "ios_other"],
    [`${IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/400.0]`, "in_app"],
    [`${IPHONE} Mobile/15E148`, "in_app"],
    [`${ANDROID}) AppleWebKit/537.36 Chrome/131.0.0.0 Mobile Safari/537.36`, "chromium_android"],
    [`${ANDROID}; wv) AppleWebKit/537.36 Version/4.0 Chrome/131.0.0.0 Mobile Safari/537.36`, "in_app"],
    ["Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0", "firefox_android"],
    ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36", "other"],
  ])("test_browser_%s_is_known", (agent, family) => {
    expect(browserFamily(agent)).toBe(family);
  });
});
