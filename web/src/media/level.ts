/** How loud a microphone is. It is only looked at: nothing of it is played. */

/** One microphone's level. */
export interface LevelMeter {
  /** Now, 0 to 1. */
  read(): number;
  close(): void;
}

/** Measure a track; null where the browser cannot. */
export function measureLevel(track: MediaStreamTrack): LevelMeter | null {
  try {
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 1024 });
    new MediaStreamAudioSourceNode(context, { mediaStream: new MediaStream([track]) }).connect(analyser);
    void context.resume().catch(() => undefined);
    const samples = new Uint8Array(analyser.fftSize);
    return {
      read: () => {
        analyser.getByteTimeDomainData(samples);
        return loudness(samples);
      },
      close: () => void context.close().catch(() => undefined),
    };
  } catch {
    return null;
  }
}

/** Loudness of samples around 128, 0 to 1: the mean of their distances, made larger, for a voice is far from full scale. */
export function loudness(samples: Uint8Array): number {
  let sum = 0;
  for (const sample of samples) sum += Math.abs(sample - 128);
  return samples.length === 0 ? 0 : Math.min(1, (sum / samples.length / 128) * 6);
}
