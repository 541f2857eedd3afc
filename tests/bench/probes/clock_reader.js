// In every viewer's page: how old each presented picture is, by the clock that is drawn on it, in milliseconds, and
// when the first one was presented, by the machine's clock. Elements that show a stream are found; others are named.
window.ages = [];
window.unreadable = 0;
window.seenAt = null;
{
  const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 20 });
  const pen = canvas.getContext("2d", { alpha: false, willReadFrequently: true });

  /** The clock's low 32 bits, or null when a bar and its inverse do not differ clearly. */
  const readClock = (video) => {
    pen.drawImage(video, 0, 0, video.videoWidth, video.videoHeight / 3, 0, 0, 320, 20);
    const { data } = pen.getImageData(0, 0, 320, 20);
    let clock = 0;
    for (let bit = 0; bit < 32; bit += 1) {
      const at = (row) => data[(row * 320 + bit * 10 + 5) * 4];
      const difference = at(5) - at(15);
      if (Math.abs(difference) < 60) return null;
      if (difference > 0) clock += 2 ** bit;
    }
    return clock;
  };

  /** Read the clock of every picture that an element presents from now on, as long as `isStill` says so. */
  window.followClock = (video, isStill = () => true) => {
    const look = () => {
      const now = Date.now();
      if (!isStill()) return;
      video.requestVideoFrameCallback(look);
      if (video.isConnected) window.seenAt ??= now;
      const clock = video.isConnected ? readClock(video) : null;
      if (clock === null) window.unreadable += 1;
      else window.ages.push((now - clock) % 2 ** 32);
    };
    video.requestVideoFrameCallback(look);
  };

  const plain = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "srcObject");
  Object.defineProperty(HTMLMediaElement.prototype, "srcObject", {
    ...plain,
    set(stream) {
      plain.set.call(this, stream);
      if (stream !== null) window.followClock(this, () => this.srcObject === stream);
    },
  });
}
