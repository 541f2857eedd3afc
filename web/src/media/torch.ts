/** The camera's lamp, where the phone lets pages have it. */

/** What a track says of its lamp; not in the types of the DOM yet. */
interface WithTorch {
  torch?: boolean;
}

/** Whether this camera has a lamp that a page may turn on. */
export function hasTorch(track: MediaStreamTrack | null): boolean {
  // Firefox has no capabilities of tracks before 132.
  if (track === null || !("getCapabilities" in track)) return false;
  const capabilities: MediaTrackCapabilities & WithTorch = track.getCapabilities();
  return capabilities.torch === true;
}

/** Turn the lamp on or off; returns whether it is on now. */
export async function setTorch(track: MediaStreamTrack, isOn: boolean): Promise<boolean> {
  try {
    await track.applyConstraints({ advanced: [{ torch: isOn } as MediaTrackConstraintSet & WithTorch] });
    return isOn;
  } catch {
    return false;
  }
}
