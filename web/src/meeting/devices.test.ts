import { render } from "lit-html";
import { describe, expect, it, vi } from "vitest";
import type { Capture } from "../media/capture";
import { chooserView, listDevices, NO_DEVICES, type DeviceLists } from "./devices";

const WORDS = { camera: "Camera", microphone: "Microphone", speaker: "Speaker", byDefault: "Default" };
const two = (name: string): { id: string; label: string }[] => [1, 2].map((number) => ({ id: `${name}${number}`, label: `${name} ${number}` }));

function shown(lists: DeviceLists, choose = vi.fn()): HTMLElement {
  const host = document.createElement("div");
  const capture = { choice: { camera: "", microphone: "", speaker: "" }, choose } as unknown as Capture;
  render(chooserView(capture, lists, WORDS, () => undefined), host);
  return host;
}

describe("devices", () => {
  it("test_devices_without_a_name_are_not_offered_and_a_browser_without_a_list_has_none", async () => {
    const all = [{ kind: "videoinput", deviceId: "a", label: "Front" }, { kind: "videoinput", deviceId: "b", label: "" }, { kind: "audioinput", deviceId: "", label: "Mic" }];
    const found = await listDevices({ enumerateDevices: () => Promise.resolve(all as MediaDeviceInfo[]) });
    expect(found).toEqual({ cameras: [{ id: "a", label: "Front" }], microphones: [], speakers: [] });
    expect([await listDevices(null), await listDevices({})]).toEqual([NO_DEVICES, NO_DEVICES]);
    expect(await listDevices({ enumerateDevices: () => Promise.reject(new Error("no")) })).toEqual(NO_DEVICES);
  });

  it("test_one_device_is_no_choice_and_two_are", () => {
    expect(shown({ ...NO_DEVICES, cameras: two("camera").slice(0, 1) }).querySelector("select")).toBeNull();
    const choose = vi.fn();
    const field = shown({ ...NO_DEVICES, cameras: two("camera") }, choose).querySelector("select")!;
    expect([...field.options].map((option) => option.label || option.textContent)).toEqual(["Default", "camera 1", "camera 2"]);
    field.value = "camera2";
    field.dispatchEvent(new Event("change"));
    expect(choose).toHaveBeenCalledWith({ camera: "camera2" });
  });
});
