/** A new id of a line that is written. `randomUUID` wants a secure page, which a console over plain http is not. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
