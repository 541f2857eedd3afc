/** What is done with frames of some types: of the many that a socket may bring, each part of a page takes its own. */

/** Acts by the type of a message; others are somebody else's, or of a newer server. */
export type Handlers<M extends { type: string }, R = void> = { readonly [T in M["type"]]?: (message: Extract<M, { type: T }>) => R };

/** The act for a message, to be called; null when there is none. */
export function actOf<M extends { type: string }, R>(handlers: Handlers<M, R>, message: M): (() => R) | null {
  const known = new Map(Object.entries(handlers)) as ReadonlyMap<string, (message: M) => R>;
  const act = known.get(message.type);
  return act === undefined ? null : () => act(message);
}

/** Do what is done with a message; returns whether anything was. */
export function handle<M extends { type: string }>(handlers: Handlers<M>, message: M): boolean {
  const act = actOf(handlers, message);
  act?.();
  return act !== null;
}
