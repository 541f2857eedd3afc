// Janus's own API over its own WebSocket: one session, handles of the VideoRoom, requests by transaction.

export class Janus {
  #socket;
  #secret;
  #sessionId;
  #asked = new Map();
  #handles = new Map();
  #count = 0;

  /** Connect and create a session. */
  static async open(url, secret) {
    const janus = new Janus();
    janus.#secret = secret;
    janus.#socket = new WebSocket(url, "janus-protocol");
    janus.#socket.onmessage = (event) => janus.#take(JSON.parse(event.data));
    await new Promise((resolve, reject) => {
      janus.#socket.onopen = resolve;
      janus.#socket.onerror = reject;
    });
    janus.#sessionId = (await janus.#ask({ janus: "create" })).data.id;
    setInterval(() => janus.#ask({ janus: "keepalive", session_id: janus.#sessionId }), 25_000);
    return janus;
  }

  /** Attach to the VideoRoom; `onEvent` gets what answers no request. */
  async attach(onEvent = () => undefined) {
    const words = { janus: "attach", session_id: this.#sessionId, plugin: "janus.plugin.videoroom" };
    const handle_id = (await this.#ask(words)).data.id;
    this.#handles.set(handle_id, onEvent);
    const address = { session_id: this.#sessionId, handle_id };
    return {
      message: (body, jsep) => this.#ask({ janus: "message", ...address, body, ...(jsep ? { jsep } : {}) }),
      trickle: (candidate) => this.#ask({ janus: "trickle", ...address, candidate: candidate ?? { completed: true } }),
      detach: () => this.#ask({ janus: "detach", ...address }),
    };
  }

  #ask(words) {
    const transaction = String((this.#count += 1));
    const isAckEnough = words.janus === "keepalive" || words.janus === "trickle";
    return new Promise((resolve, reject) => {
      this.#asked.set(transaction, { resolve, reject, isAckEnough });
      this.#socket.send(JSON.stringify({ ...words, transaction, apisecret: this.#secret }));
    });
  }

  #take(message) {
    const asked = this.#asked.get(message.transaction);
    if (asked === undefined) {
      this.#handles.get(message.sender)?.(message);
    } else if (message.janus !== "ack" || asked.isAckEnough) {
      this.#asked.delete(message.transaction);
      if (message.janus === "error") asked.reject(new Error(JSON.stringify(message.error)));
      else asked.resolve(message);
    }
  }
}

/** What whoever drives the pages says of the server, in the address: url, secret, adminKey, room. */
export const PLACE = Object.fromEntries(new URLSearchParams(location.search));
