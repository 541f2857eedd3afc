// In every viewer's page: `frameAfterNow()` resolves to when the next picture on the page was presented, by the
// machine's clock; it looks as often as the screen is drawn.
window.frameAfterNow = (giveUpAfter_ms) =>
  new Promise((resolve, reject) => {
    const presented = () =>
      [...document.querySelectorAll("video")].reduce((all, v) => all + v.getVideoPlaybackQuality().totalVideoFrames, 0);
    let before = presented();
    const look = () => {
      const now = presented();
      if (now > before) resolve(Date.now());
      else requestAnimationFrame(look);
      // Fewer when an element with its count has gone.
      before = now;
    };
    requestAnimationFrame(look);
    setTimeout(() => reject(new Error("no picture came back")), giveUpAfter_ms);
  });
