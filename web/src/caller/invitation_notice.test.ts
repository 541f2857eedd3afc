import { describe, expect, it } from "vitest";
import { findCameraBar, type CameraHost } from "../media/camera";
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

  it("test_notice_says_what_the_camera_itself_would_say", () => {
    const mediaDevices = { getUserMedia: () => Promise.reject(new Error("unused")) };
    const hosts: CameraHost[] = [true, false].flatMap((isSecureContext) => [
      { isSecureContext, navigator: {} },
      { isSecureContext, navigator: { mediaDevices } },
    ]);
    const told = hosts.map((host) => {
      const shown = page(notice);
      showCameraNotice(shown, host);
      return shown.getElementById("camera-notice")?.hidden === false;
    });
    expect(told).toEqual(hosts.map((host) => findCameraBar(host) === "unsupported"));
    expect(told).toContain(true);
  });
});
