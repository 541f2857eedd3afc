import { describe, expect, it } from "vitest";
import { readDeskPage } from "./pagedata";

const page = (text: string): Document => new DOMParser().parseFromString(`<body><script type="application/json" id="page-data">${text}</script></body>`, "text/html");

describe("readDeskPage", () => {
  it.each(["", "{oops", "null", "[]"])("test_page_with_%j_has_nobody_with_no_rights", (text) => {
    expect(readDeskPage(page(text))).toEqual({ me: { id: "", name: "", role: "", team: "", permissions: [] }, forceName: "", sessionId: "" });
  });

  it("test_page_has_who_sits_here_and_the_session", () => {
    const found = readDeskPage(page('{"me":{"id":7,"name":"PC Ade","permissions":["consultation.run",3]},"force":{"name":"Herts"},"session_id":"s1"}'));
    expect(found).toMatchObject({ me: { id: "7", name: "PC Ade", permissions: ["consultation.run"] }, forceName: "Herts", sessionId: "s1" });
  });
});
