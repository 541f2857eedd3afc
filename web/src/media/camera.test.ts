import { describe, expect, it, vi } from "vitest";
import { CAMERA_FAULTS, CameraError, cameraFault, closeCamera, findCameraBar, openCamera } from "./camera";

function named(name: string, message = ""): Error {
  return Object.assign(new Error(message), { name });
}

describe("cameraFault", () => {
  it.each([
    [named("NotAllowedError"), "denied"],
    [named("NotAllowedError", "Permission dismissed"), "dismissed"],
    [named("NotAllowedError", "Permission denied by system"), "denied_by_system"],
    [named("SecurityError"), "denied_by_system"],
    [named("NotFoundError"), "not_found"],
    [named("OverconstrainedError"), "not_found"],
    [named("NotReadableError"), "in_use"],
    [named("AbortError"), "in_use"],
    [named("TypeError"), "unknown"],
    ["not an error", "unknown"],
  ])("test_browser_error_%s_has_a_reason_of_the_closed_list", (error, fault) => {
    expect(cameraFault(error)).toBe(fault);
    expect(CAMERA_FAULTS).toContain(fault);
  });
});

describe("findCameraBar", () => {
  it("test_page_without_https_is_told_apart_from_an_app_without_a_camera", () => {
    expect(findCameraBar({ isSecureContext: false, navigator: {} })).toBe("insecure");
    expect(findCameraBar({ isSecureContext: true, navigator: {} })).toBe("unsupported");
  });

  it("test_page_with_a_camera_has_no_bar", () => {
    const mediaDevices = { getUserMedia: vi.fn() };
    expect(findCameraBar({ isSecureContext: true, navigator: { mediaDevices } })).toBeNull();
  });
});

describe("openCamera", () => {
  const hostWith = (getUserMedia: MediaDevices["getUserMedia"]) => ({
    isSecureContext: true,
    navigator: { mediaDevices: { getUserMedia } },
  });

  it("test_camera_is_asked_for_without_the_microphone", async () => {
    const getUserMedia = vi.fn().mockResolvedValue("stream");
    await openCamera("environment", hostWith(getUserMedia));
    expect(getUserMedia).toHaveBeenCalledExactlyOnceWith({
      audio: false,
      video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } },
    });
  });

  it("test_camera_refused_by_the_person_says_denied", async () => {
    const getUserMedia = vi.fn().mockRejectedValue(named("NotAllowedError"));
    await expect(openCamera("user", hostWith(getUserMedia))).rejects.toEqual(new CameraError("denied"));
  });

  it("test_camera_on_an_insecure_page_is_not_even_asked_for", async () => {
    const opening = openCamera("user", { isSecureContext: false, navigator: {} });
    await expect(opening).rejects.toMatchObject({ fault: "insecure" });
  });
});

describe("closeCamera", () => {
  it("test_camera_closed_stops_every_track", () => {
    const tracks = [{ stop: vi.fn() }, { stop: vi.fn() }];
    closeCamera({ getTracks: () => tracks } as unknown as MediaStream);
    for (const track of tracks) expect(track.stop).toHaveBeenCalledOnce();
  });
});
