/** Where the addresses of uploads are kept on this phone: they outlive the tab, but never their session. */

const PREFIX = "upload:";

/** The part of a browser's storage that is needed. */
export type UploadStorage = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/** Addresses of the uploads of one session. Storage that is full or turned off only costs the resuming. */
export class UploadMemory {
  /** @param storage asked for when it is used: a browser that keeps nothing throws at that */
  constructor(private readonly sessionId: string, private readonly storage: () => UploadStorage) {}

  /** The address of a file's upload, or null. */
  read(file: string): string | null {
    return attempt(() => this.storage().getItem(this.name(file)), null);
  }

  /** Keep the address of a file's upload. */
  keep(file: string, url: string): void {
    attempt(() => this.storage().setItem(this.name(file), url), undefined);
  }

  /** Forget one file's upload. */
  drop(file: string): void {
    attempt(() => this.storage().removeItem(this.name(file)), undefined);
  }

  /** Forget all uploads of this session. */
  dropAll(): void {
    this.dropWhere((name) => name.startsWith(this.name("")));
  }

  /** Forget what sessions before this one left behind. */
  dropOthers(): void {
    this.dropWhere((name) => !name.startsWith(this.name("")));
  }

  private dropWhere(isOver: (name: string) => boolean): void {
    attempt(() => {
      const storage = this.storage();
      const names = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "");
      for (const name of names) if (name.startsWith(PREFIX) && isOver(name)) storage.removeItem(name);
    }, undefined);
  }

  private name(file: string): string {
    return `${PREFIX}${this.sessionId}:${file}`;
  }
}

/** The memory for a page; in safe mode it goes with the tab, for the names of files would stay behind on the phone. */
export function uploadMemory(sessionId: string, isSafe: boolean): UploadMemory {
  return new UploadMemory(sessionId, () => (isSafe ? sessionStorage : localStorage));
}

function attempt<T>(act: () => T, otherwise: T): T {
  try {
    return act();
  } catch {
    return otherwise;
  }
}
