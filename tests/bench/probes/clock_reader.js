// In every viewer's page: how old each presented picture is, by the clock that is drawn on it, in milliseconds.
window.ages = [];
window.unreadable = 0;
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

  const plain = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "srcObject");
  Object.defineProperty(HTMLMediaElement.prototype, "srcObject", {
    ...plain,
    set(stream) {
      plain.set.call(this, stream);
      if (stream === null) return;
      const look = () => {
        const now = Date.now();
        if (this.srcObject !== stream) return;
        this.requestVideoFrameCallback(look);
        const clock = this.isConnected ? readClock(this) : null;
        if (clock === null) window.unreadable += 1;
        else window.ages.push((now - clock) % 2 ** 32);
      };
      this.requestVideoFrameCallback(look);
    },
  });
}
