/** Scrolls the page further down in steps, frame after frame; the gaps between its frames in milliseconds. */
export async function frameGaps(app, frames = 60) {
  return app.session.runAsync(
    (frames, done) => {
      const scrollsItself = (element) =>
        element.scrollHeight > element.clientHeight && /auto|scroll/.test(getComputedStyle(element).overflowY);
      const inner = [...document.querySelectorAll('*')].filter(scrollsItself);
      const longest = (a, b) => b.scrollHeight - a.scrollHeight;
      const scroller = inner.sort(longest)[0] ?? document.scrollingElement;
      const gaps = [];
      let last;
      const step = (now) => {
        if (last !== undefined) gaps.push(now - last);
        last = now;
        if (gaps.length === frames) return done(gaps);
        scroller.scrollTop += 60;
        if (scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 60) scroller.scrollTop = 0;
        requestAnimationFrame(step);
      };
      requestAnimationFrame(step);
    },
    frames,
  );
}

/** How high what is scrolled is, in pixels. */
export async function height(app) {
  return app.session.run(() => Math.max(...[...document.querySelectorAll('*')].map((one) => one.scrollHeight)));
}

/** Makes an empty page of this height. */
export async function makeEmpty(app, pixels) {
  await app.session.run((pixels) => {
    document.body.replaceChildren();
    document.body.style.height = `${pixels}px`;
  }, pixels);
}
