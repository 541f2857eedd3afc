/** Keeps the form of a flight while the page lives: closing it loses nothing, and late answers do not undo typing. */

import type { SessionSummary } from "../signalling/messages";
import type { Fleet } from "./fleet";
import type { FleetRest, FlightView } from "./fleetrest";
import { formForFlight, formForPlanned, type FlightForm, type FlightIncident } from "./flightform";
import { flightPhrase } from "./flightphrases";
import { goFly, type FlightGoal } from "./launching";
import { ApiError } from "./rest";
import { withQuestions } from "./riskform";

/** A change of whatever the form holds by then. */
export type FlightEdit = (form: FlightForm) => FlightForm;

/** One form, shown or put aside. */
export class FlightKeeper {
  private current: FlightForm | null = null;
  private isShown = false;

  constructor(private readonly rest: FleetRest, private readonly fleet: Pick<Fleet, "open">, private readonly onChange: () => void) {}

  /** The form, if it is on the screen. */
  get form(): FlightForm | null {
    return this.isShown ? this.current : null;
  }

  /** Shows the form for an incident as it was left, or an empty one where it was another's; an aircraft that was chosen stays chosen. */
  openFor(incident: FlightIncident, aircraftId = ""): void {
    const left = this.current?.planned === null && this.current.incident.id === incident.id ? this.current : formForFlight(incident);
    this.show(aircraftId === "" ? left : { ...left, aircraftId });
  }

  /** Shows a form that goes on with a flight that is planned. */
  openForPlanned(session: SessionSummary, flight: FlightView | undefined): void {
    this.show(formForPlanned(session, flight));
  }

  /** Puts the form aside. */
  close(): void {
    this.isShown = false;
    this.onChange();
  }

  /** Changes the form as it is now: what is on the screen may be a frame older than it. */
  edit(edit: FlightEdit): void {
    if (this.current !== null) this.change(edit(this.current));
  }

  /** Goes as far as `goal`. Returns the flight's id once it is reached; the form is then empty again. */
  async submit(goal: FlightGoal): Promise<string | null> {
    if (this.current?.busy !== null) return null;
    const sessionId = await goFly(this.rest, this.current, goal, (form) => this.change(form));
    if (sessionId === null) return null;
    this.current = null;
    this.close();
    return sessionId;
  }

  private show(form: FlightForm): void {
    this.isShown = true;
    this.fleet.open();
    // Questions may have been changed by the force meanwhile: they are asked for each time the form is shown.
    this.change({ ...form, questionsState: "none" });
  }

  private change(form: FlightForm): void {
    this.current = form;
    if (form.questionsState === "none") void this.fetchQuestions(form);
    this.onChange();
  }

  /** The answer is for this incident's form, whatever was typed meanwhile. */
  private async fetchQuestions({ incident }: FlightForm): Promise<void> {
    const tell = (change: FlightEdit): void => {
      if (this.current?.incident.id !== incident.id || this.current.questionsState !== "loading") return;
      this.current = change(this.current);
      this.onChange();
    };
    if (this.current !== null) this.current = { ...this.current, questionsState: "loading" };
    try {
      const questions = await this.rest.questions(incident.type);
      tell((now) => withQuestions(now, questions));
    } catch (error) {
      const text = error instanceof ApiError ? flightPhrase(error) : flightPhrase({ code: "server", message: "" });
      tell((now) => ({ ...now, questionsState: "failed", error: text }));
    }
  }
}
