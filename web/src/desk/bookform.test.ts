import { render } from "lit-html";
import { describe, expect, it, vi } from "vitest";
import { bookView, missingIn, newForm, planOf, type BookForm } from "./bookform";
import { missingOf, newPerson } from "./people_form";

const filled = (more: Partial<BookForm> = {}): BookForm => ({
  ...newForm(false), incidentId: "i1", day: "2026-11-28", time: "14:30", people: [{ ...newPerson(), name: " Sam ", phone_number: " 07700900123 " }], ...more,
});

describe("booking", () => {
  it("test_nothing_can_be_sent_while_something_is_missing_and_the_form_says_what", () => {
    const send = vi.fn();
    const host = document.createElement("div");
    render(bookView({ form: newForm(false), incidents: [], types: [], change: () => undefined, send, close: () => undefined }), host);
    host.querySelector("form")!.dispatchEvent(new Event("submit", { cancelable: true }));
    expect(send).not.toHaveBeenCalled();
    expect(host.querySelector("[data-testid=book-missing]")?.textContent).toContain("choose an incident");
    expect(missingIn(newForm(false))).toHaveLength(4);
  });

  it("test_person_needs_a_name_and_a_way_to_be_reached_and_an_officer_neither", () => {
    expect(missingOf(newPerson())).toEqual(["a name", "a mobile number or an e-mail address"]);
    expect(missingOf({ ...newPerson(), name: "Sam", email_address: "sam@example.org", contact_from: "09:00" })).toEqual(["both ends of the safe contact times"]);
    expect(missingOf({ ...newPerson("officer"), user_id: "7" })).toEqual([]);
  });

  it("test_plan_is_sent_in_utc_and_without_blanks", () => {
    expect(missingIn(filled())).toEqual([]);
    expect(planOf(filled(), "Response")).toMatchObject({
      starts_at: "2026-11-28T14:30:00.000Z", incident_id: "i1", incident_type: "", team: "Response", participants: [{ name: "Sam", phone_number: "07700900123" }],
    });
  });

  it("test_start_now_needs_no_time_and_sends_none", () => {
    const form = { ...filled(), isNow: true, day: "", time: "" };
    expect([missingIn(form), planOf(form, "").starts_at]).toEqual([[], null]);
  });

  it("test_length_outside_of_what_is_allowed_is_said", () => {
    expect([missingIn(filled({ minutes: 4 })).length, missingIn(filled({ minutes: Number.NaN })).length, missingIn(filled({ minutes: 240 })).length]).toEqual([1, 1, 0]);
  });
});
