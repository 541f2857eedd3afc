import { beforeEach, describe, expect, it } from "vitest";
import { hadPicture, rememberPicture } from "./picture_memory";

beforeEach(() => sessionStorage.clear());

describe("memory of a picture", () => {
  it("test_camera_that_was_turned_off_or_belongs_to_another_session_is_not_remembered", () => {
    expect(hadPicture("s1")).toBe(false);
    rememberPicture("s2");
    expect(hadPicture("s1")).toBe(false);
    rememberPicture("s1");
    rememberPicture(null);
    expect(hadPicture("s1")).toBe(false);
  });

  it("test_camera_that_was_on_is_remembered", () => {
    rememberPicture("s1");
    expect(hadPicture("s1")).toBe(true);
  });
});
