import { render } from "lit-html";
import { describe, expect, it } from "vitest";
import { recording } from "../meeting/texts/en/recording";
import { room } from "../meeting/texts/en/room";
import { words } from "../meeting/texts/en/words";
import { cautionBanner } from "./caution";

function shown(caution: { text: string } | null): HTMLElement {
  const host = document.createElement("div");
  render(cautionBanner(caution, { room, recording, words }), host);
  return host;
}

describe("cautionBanner", () => {
  it("test_no_caution_is_no_banner", () => {
    expect(shown(null).children).toHaveLength(0);
  });

  it("test_caution_is_read_out_and_its_words_are_text", () => {
    const banner = shown({ text: "You may be asked <b>more</b>" }).querySelector("[role=alert]")!;
    expect([banner.textContent, banner.querySelector("b")]).toEqual(["You may be asked <b>more</b>", null]);
  });
});
