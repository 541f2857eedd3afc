// In every viewer's page: `firstFrameAt` resolves to when the first picture on the page was presented, by the machine's clock.
window.firstFrameAt = new Promise((resolve, reject) => {
  const plain = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "srcObject");
  Object.defineProperty(HTMLMediaElement.prototype, "srcObject", {
    ...plain,
    set(stream) {
      plain.set.call(this, stream);
      if (stream === null) return;
      const look = () => (this.isConnected ? resolve(Date.now()) : this.requestVideoFrameCallback(look));
      this.requestVideoFrameCallback(look);
    },
  });
  // Begun by the driver at the tap.
  window.giveUpAfter = (milliseconds) => setTimeout(() => reject(new Error("no picture came")), milliseconds);
});
