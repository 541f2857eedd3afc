import { describe, expect, it } from "vitest";
import type { CheckResults } from "../signalling/meetingmessages";
import { isBlocked, marks, pathCodes, sentences, unchecked } from "./checkwords";
import { lobby } from "./texts/en/lobby";

const found = (more: Partial<CheckResults>): CheckResults => ({ ...unchecked("Firefox"), ...more });

describe("checkwords", () => {
  it("test_network_without_any_way_is_said_with_a_way_out_and_the_telephone", () => {
    const results = found({ udp: "failed", tcp: "failed", tls: "absent" });
    const codes = pathCodes(results);
    expect([codes, isBlocked({ ...results, codes })]).toEqual([["no_path"], true]);
    expect(sentences({ ...results, codes }, lobby, "101")).toEqual([`${lobby.codes.no_path} Or call 101.`]);
  });

  it.each(Object.keys(lobby.codes).filter((code) => code !== "stopped"))("test_sentence_of_%s_ends_with_the_telephone", (code) => {
    expect(sentences(found({ codes: [code] }), lobby, "101")[0]).toMatch(/Or call 101\.$/);
  });

  it("test_without_a_number_no_sentence_names_one", () => {
    expect(sentences(found({ codes: ["denied"] }), lobby, null)).toEqual([lobby.codes.denied]);
  });

  it("test_slower_way_a_slow_line_and_losses_are_told_apart", () => {
    expect(pathCodes(found({ udp: "failed", tcp: "ok" }))).toEqual(["udp_blocked"]);
    expect(pathCodes(found({ udp: "failed", tcp: "failed", tls: "ok" }))).toEqual(["tcp_blocked"]);
    expect(pathCodes(found({ udp: "ok", up_kbit_s: 100, loss_pct: 0 }))).toEqual(["slow"]);
    expect(pathCodes(found({ udp: "ok", up_kbit_s: 100, loss_pct: 20 }))).toEqual(["lossy"]);
    expect([pathCodes(found({ udp: "ok" })), pathCodes(found({}))]).toEqual([[], []]);
  });

  it("test_way_that_is_not_there_is_nothing_for_the_person", () => {
    expect(marks(found({ tls: "absent", camera: "ok" }), lobby).map((mark) => `${mark.leg} ${mark.words}`)).toEqual([
      "camera works", "microphone not checked", "speaker not checked", "udp not checked", "tcp not checked",
    ]);
  });

  it("test_code_that_is_not_known_has_a_sentence_all_the_same", () => {
    expect(sentences(found({ codes: ["toString"] }), lobby, null)).toEqual([lobby.codes.unknown]);
  });
});
