import { describe, expect, it } from "vitest";
import { showCameraNotice } from "./invitation_notice";

function page(html: string): Document {
  return new DOMParser().parseFromString(`<!doctype html><html lang="cy"><body>${html}</body></html>`, "text/html");
}

describe("showCameraNotice", () => {
  const notice = '<div id="camera-notice" hidden><p id="camera-notice-address"></p></div>';

  it("test_browser_without_a_camera_is_told_before_the_link_is_spent", () => {
    const shown = page(notice);
    showCameraNotice(shown, { isSecureContext: true, navigator: {} });
    expect(shown.getElementById("camera-notice")?.hidden).toBe(false);
  });

  it("test_browser_with_a_camera_sees_no_notice", () => {
    const shown = page(notice);
    const mediaDevices = { getUserMedia: () => Promise.reject(new Error("unused")) };
    showCameraNotice(shown, { isSecureContext: true, navigator: { mediaDevices } });
    expect(shown.getElementById("camera-notice")?.hidden).toBe(true);
  });
});
