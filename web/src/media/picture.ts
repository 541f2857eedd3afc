/** One picture of the camera, as large as the phone gives it. */

/** The part of ImageCapture that is used; Safari and Firefox have none. */
interface PhotoTaker {
  takePhoto(): Promise<Blob>;
}

/** A phone that has not taken its photo after this time, in ms, takes none. */
const PHOTO_MS = 6_000;

/** Take a photo of the sensor's full size where the browser can, else the newest frame of the video. Throws Error. */
export async function takePicture(stream: MediaStream, preview: HTMLVideoElement): Promise<Blob> {
  const track = stream.getVideoTracks()[0];
  const Taker = (window as { ImageCapture?: new (track: MediaStreamTrack) => PhotoTaker }).ImageCapture;
  if (track !== undefined && Taker !== undefined) {
    const photo = await withinTime(new Taker(track).takePhoto(), PHOTO_MS).catch(() => null);
    if (photo !== null && photo.size > 0) return photo;
  }
  return drawFrame(preview);
}

/** The frame that the preview shows, at the video's own size, as JPEG. Throws Error when there is none. */
export async function drawFrame(video: HTMLVideoElement): Promise<Blob> {
  if (video.videoWidth === 0) throw new Error("no frame");
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no canvas");
  context.drawImage(video, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.92));
  if (blob === null) throw new Error("no picture");
  return blob;
}

function withinTime<T>(work: Promise<T>, most_ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("too slow")), most_ms);
    void work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
