// In every caller's page: the camera is a canvas with the machine's clock drawn on it, 30 times a second.
// 32 bars are the clock's low bits in milliseconds; the bars below them are the same, inverted.
navigator.mediaDevices.getUserMedia = async () => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1280, height: 720 });
  const pen = canvas.getContext("2d", { alpha: false });
  let isTurn = false;
  const draw = () => {
    requestAnimationFrame(draw);
    isTurn = !isTurn;
    if (!isTurn) return;
    const now = Date.now();
    pen.fillStyle = "#888";
    pen.fillRect(0, 240, 1280, 480);
    pen.fillStyle = "#363";
    pen.fillRect((now / 4) % 1280, 300, 200, 300);
    for (let bit = 0; bit < 32; bit += 1) {
      const isSet = (now / 2 ** bit) & 1;
      pen.fillStyle = isSet ? "#fff" : "#000";
      pen.fillRect(bit * 40, 0, 40, 120);
      pen.fillStyle = isSet ? "#000" : "#fff";
      pen.fillRect(bit * 40, 120, 40, 120);
    }
  };
  draw();
  return canvas.captureStream(30);
};
