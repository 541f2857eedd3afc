import { describe, expect, it } from "vitest";
import { Rest } from "../console/rest";
import { newPerson } from "./people_form";
import { ConsultRest, figuresAddress } from "./rest";

function setUp(answer: unknown = {}) {
  const asked: { method: string; url: string; body: unknown }[] = [];
  const fetcher = ((url: string, init: RequestInit) => {
    asked.push({ method: init.method ?? "", url, body: init.body === undefined ? null : JSON.parse(init.body as string) });
    return Promise.resolve(Response.json(answer));
  }) as typeof fetch;
  return { rest: new ConsultRest(new Rest(fetcher)), asked };
}

describe("ConsultRest", () => {
  it("test_safe_contact_times_are_passed_over_only_when_it_is_said", async () => {
    const { rest, asked } = setUp();
    await rest.addPerson("s1", newPerson(), false);
    await rest.addPerson("s1", newPerson(), true);
    await rest.resend("s1", "p1", false);
    expect(asked.map(({ body }) => (body as { anyway?: boolean }).anyway)).toEqual([undefined, true, undefined]);
  });

  it("test_neither_number_nor_address_stands_in_an_address_of_a_door", async () => {
    const { rest, asked } = setUp();
    await rest.addPerson("s1", { ...newPerson(), phone_number: "07700900123", email_address: "sam@example.org" }, false);
    await rest.link("s1", "p1");
    await rest.withdraw("s1", "p1");
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "POST /api/v1/consultations/s1/participants/", "GET /api/v1/consultations/s1/participants/p1/link/", "DELETE /api/v1/consultations/s1/participants/p1/",
    ]);
  });

  it("test_lists_are_read_whether_they_are_paged_or_not", async () => {
    const one = [{ id: "1", name: "PC Ade", number: "1", team: "" }];
    expect([await setUp(one).rest.colleagues(), await setUp({ results: one }).rest.colleagues(), (await setUp([{ code: "safeguarding", label: "" }]).rest.outcomes()).map(({ code }) => code)]).toEqual([
      one, one, ["report_taken", "visit_avoided", "statement_taken", "nobody_came", "safeguarding"],
    ]);
    expect((await setUp({ questions: [{ code: "alone" }] }).rest.questions("s1"))[0]?.code).toBe("alone");
  });

  it("test_table_has_the_same_stretch_as_the_figures", async () => {
    const { rest, asked } = setUp();
    await rest.figures("2026-11-01", "2026-11-28");
    expect([asked[0]?.url, figuresAddress("2026-11-01", "2026-11-28")]).toEqual([
      "/api/v1/consultations/figures/?since=2026-11-01T00%3A00%3A00.000Z&until=2026-11-29T00%3A00%3A00.000Z",
      "/api/v1/consultations/figures/?since=2026-11-01T00%3A00%3A00.000Z&until=2026-11-29T00%3A00%3A00.000Z&format=csv",
    ]);
  });
});
