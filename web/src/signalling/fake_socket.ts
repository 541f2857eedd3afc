/** A WebSocket for tests: opened, fed and closed by hand. */

type Listener = (event: unknown) => void;

/** Stands for one connection. */
export class FakeSocket {
  readyState: number = WebSocket.CONNECTING;
  readonly sent: { type: string }[] = [];
  private readonly listeners = new Map<string, Listener[]>();

  addEventListener(type: string, listener: Listener): void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as { type: string });
  }

  close(): void {
    this.readyState = WebSocket.CLOSED;
  }

  /** Types of what was sent, the heartbeat left out. */
  get types(): string[] {
    return this.sent.map((message) => message.type).filter((type) => type !== "heartbeat.ping");
  }

  /** The server accepts. */
  accept(): void {
    this.readyState = WebSocket.OPEN;
    this.emit("open", {});
  }

  /** The server sends. */
  feed(message: object): void {
    this.emit("message", { data: JSON.stringify(message) });
  }

  /** The line is gone. */
  drop(code: number): void {
    this.readyState = WebSocket.CLOSED;
    this.emit("close", { code });
  }

  private emit(type: string, event: unknown): void {
    for (const listener of this.listeners.get(type) ?? []) listener(event);
  }
}
