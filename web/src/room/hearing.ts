/**
 * Plays everybody's sound: one audio element in the page for each feed. Not by WebAudio, whose output the echo cancellers of
 * browsers do not hear.
 */

/** All sounds of one room. `onChange` is called when a touch is wanted, or not any more. */
export class Hearing {
  /** In the page, so that the sound goes on whatever is drawn. */
  readonly root = document.createElement("div");
  private readonly sounds = new Map<string, HTMLAudioElement>();
  private sink = "";
  private isOff = false;
  private isTapWanted = false;

  constructor(private readonly onChange: () => void) {
    this.root.hidden = true;
  }

  /** The browser wants a touch before it plays: show a button that calls `resume`. */
  get needsTap(): boolean {
    return this.isTapWanted;
  }

  /** Whether the loudspeaker can be chosen. */
  static get canChoose(): boolean {
    return "setSinkId" in HTMLMediaElement.prototype;
  }

  /** Play these, and no others. */
  show(tracks: ReadonlyMap<string, MediaStreamTrack>): void {
    for (const [feedId, sound] of this.sounds) {
      if (tracks.has(feedId)) continue;
      sound.pause();
      sound.srcObject = null;
      sound.remove();
      this.sounds.delete(feedId);
    }
    for (const [feedId, track] of tracks) this.play(feedId, track);
  }

  /** Called in a touch: what plays later may then play. */
  async resume(): Promise<void> {
    this.isTapWanted = false;
    await Promise.all([...this.sounds.values()].map((sound) => this.start(sound)));
    this.onChange();
  }

  /** Use another loudspeaker; "" is the browser's own. */
  choose(sink: string): void {
    this.sink = sink;
    for (const sound of this.sounds.values()) void this.aim(sound);
  }

  /** Nothing is heard on this device: somebody beside it hears for it. */
  setOff(isOff: boolean): void {
    this.isOff = isOff;
    for (const sound of this.sounds.values()) sound.muted = isOff;
  }

  private play(feedId: string, track: MediaStreamTrack): void {
    const known = this.sounds.get(feedId);
    const sound = known ?? this.make(feedId);
    const shown = sound.srcObject instanceof MediaStream ? sound.srcObject.getTracks()[0] : undefined;
    if (shown === track) return;
    sound.srcObject = new MediaStream([track]);
    void this.start(sound);
  }

  private make(feedId: string): HTMLAudioElement {
    const sound = document.createElement("audio");
    sound.autoplay = true;
    sound.setAttribute("playsinline", "");
    sound.muted = this.isOff;
    this.root.append(sound);
    this.sounds.set(feedId, sound);
    if (this.sink !== "") void this.aim(sound);
    return sound;
  }

  private async start(sound: HTMLAudioElement): Promise<void> {
    try {
      await sound.play();
    } catch (error) {
      // A newer source interrupts the older play(); that is no refusal.
      if (!(error instanceof DOMException) || error.name !== "NotAllowedError" || this.isTapWanted) return;
      this.isTapWanted = true;
      this.onChange();
    }
  }

  private async aim(sound: HTMLAudioElement): Promise<void> {
    if (Hearing.canChoose) await sound.setSinkId(this.sink).catch(() => undefined);
  }
}
