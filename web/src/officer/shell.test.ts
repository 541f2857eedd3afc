import { describe, expect, it } from "vitest";
import { OFFLINE_PAGE, SHELL, treatmentOf } from "./shell";

const HERE = "https://herts.example";
const asked = (path: string, mode = "cors", method = "GET"): string => treatmentOf({ method, mode, url: `${HERE}${path}` }, HERE);

describe("the officer's service worker", () => {
  it.each([
    "/officer/stills/?purpose=own", "/api/v1/sessions/", "/api/v1/sessions/1/stills/2/", "/sign-in/", "/assets/officer.js?x=1", "/static/admin.css",
    "/protected/evidence/x.js", "/officer/worker.js", "/live/",
  ])("test_worker_keeps_nothing_of_%s", (path) => {
    expect(asked(path)).toBe("untouched");
  });

  it("test_worker_keeps_what_is_the_same_for_everybody", () => {
    expect(asked("/assets/officer.js")).toBe("network_first");
    expect(asked("/assets/officer.css")).toBe("network_first");
    expect(asked("/assets/status-J31fgliI.js")).toBe("kept_first");
  });

  it("test_worker_stands_in_for_the_officers_page_alone", () => {
    expect(asked("/officer/", "navigate")).toBe("offline_page");
    expect(asked("/", "navigate")).toBe("untouched");
    expect(asked("/sign-in/?next=/officer/", "navigate")).toBe("untouched");
    expect(treatmentOf({ method: "POST", mode: "navigate", url: `${HERE}/officer/` }, HERE)).toBe("untouched");
    expect(treatmentOf({ method: "GET", mode: "cors", url: "https://other.example/assets/a.js" }, HERE)).toBe("untouched");
  });

  it("test_page_without_network_asks_what_the_worker_does_not_answer", () => {
    const address = /fetch\("([^"]+)"/.exec(OFFLINE_PAGE)?.[1] ?? "";
    expect(asked(address)).toBe("untouched");
  });

  it("test_build_has_a_place_for_its_digest_in_the_name_of_what_is_kept", () => {
    expect(SHELL.split("@build@")).toEqual(["sightline-shell-", ""]);
  });
});
