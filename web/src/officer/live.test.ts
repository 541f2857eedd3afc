import { render } from "lit-html";
import { describe, expect, it } from "vitest";
import { initialModel } from "../sharing/model";
import type { SocketState } from "../signalling/socket";
import { liveScreen } from "./live";
import type { OfficerActs } from "./app";
import type { OfficerPage } from "./state";

/** Which sign of a recording is on the screen. */
function signOf(line: SocketState, isRecorded: boolean): string | null {
  const page: OfficerPage = {
    line, refusalCode: null, server: null, joined: null, sharing: { ...initialModel(), line, isRecorded }, watchers: 0,
    microphone: "off", torch: null, isChoosing: false, isStarting: false, notice: null, guests: 0, names: [],
  };
  const root = document.createElement("div");
  render(liveScreen({ page, preview: document.createElement("video"), acts: {} as OfficerActs, parts: [], signOut: () => undefined }), root);
  return root.querySelector("[data-testid^=rec]")?.getAttribute("data-testid") ?? null;
}

describe("the live screen", () => {
  it("test_officer_reads_whether_the_picture_is_recorded", () => {
    expect(signOf("open", true)).toBe("rec");
    expect(signOf("open", false)).toBe("rec-off");
  });

  it("test_officer_without_a_line_reads_nothing_of_a_recording", () => {
    expect(signOf("waiting", true)).toBeNull();
    expect(signOf("connecting", false)).toBeNull();
  });
});
