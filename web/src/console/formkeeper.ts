/** Keeps the form of a new link while the page lives: closing it loses nothing, and late answers do not undo typing. */

import type { SessionSummary } from "../signalling/messages";
import type { Fetching } from "./fetching";
import { emptyForm, formForIncident, formForSession, type IncidentForm } from "./incidentform";
import type { Rest } from "./rest";
import { sendLink, type SendingGoal } from "./sending";

/** A change of whatever the form holds by then. */
export type FormEdit = (form: IncidentForm) => IncidentForm;

/** One form, shown or put aside. */
export class FormKeeper {
  private current: IncidentForm = emptyForm();
  private isShown = false;
  /** The form was begun by "New incident", not for an incident or a session that was there already. */
  private isOwn = true;

  constructor(
    private readonly rest: Rest,
    private readonly fetching: Fetching,
    private readonly onChange: () => void,
  ) {}

  /** The form, if it is on the screen. */
  get form(): IncidentForm | null {
    return this.isShown ? this.current : null;
  }

  /** Shows the form as it was left, however far it came; one for an older incident gives way to an empty one. */
  openNew(): void {
    this.show(this.isOwn ? this.current : emptyForm(), true);
  }

  /** Shows a form for another caller of an incident. */
  openForIncident(session: SessionSummary): void {
    this.show(formForIncident(session), false);
  }

  /** Shows a form that goes on with a session whose link was not sent. */
  openForSession(session: SessionSummary): void {
    this.show(formForSession(session), false);
  }

  /** Puts the form aside. */
  close(): void {
    this.isShown = false;
    this.onChange();
  }

  /** Empties the form and leaves it on the screen. */
  discard(): void {
    this.show(emptyForm(), true);
  }

  /** Changes the form as it is now: what is on the screen may be a frame older than it. */
  edit(edit: FormEdit): void {
    this.change(edit(this.current));
  }

  /** Takes a change of the form; a new type or kind brings its questions. */
  change(form: IncidentForm): void {
    const needsQuestions =
      form.typeCode !== this.current.typeCode || form.linkKind !== this.current.linkKind || form.questionsState === "none";
    this.current = form;
    if (needsQuestions && form.typeCode !== "") this.fetchQuestions();
    this.onChange();
  }

  /** Goes as far as `goal`. Returns the session's id once it is reached; the form is then empty again. */
  async submit(goal: SendingGoal): Promise<string | null> {
    if (this.current.busy !== null) return null;
    const sessionId = await sendLink(this.rest, this.current, goal, (form) => this.change(form));
    if (sessionId === null) return null;
    this.current = emptyForm();
    this.isOwn = true;
    this.close();
    return sessionId;
  }

  private show(form: IncidentForm, isOwn: boolean): void {
    this.isShown = true;
    this.isOwn = isOwn;
    // Questions may have been changed by the force meanwhile: they are asked for each time the form is shown.
    this.change(form.typeCode === "" ? form : { ...form, questionsState: "none" });
    if (this.fetching.fetched.incidentTypes.length === 0) void this.fetching.start();
  }

  private fetchQuestions(): void {
    this.current = { ...this.current, questionsState: "loading" };
    void this.fetching.questions(this.current, (change) => {
      this.current = change(this.current);
      this.onChange();
    });
  }
}
