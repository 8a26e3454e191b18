/** From now on measures: from each pointerdown to the second frame after the page shows what came of it. */
export async function watchTaps(app, changed) {
  await app.session.run((changed) => {
    window.measuredTaps = [];
    addEventListener(
      'pointerdown',
      () => {
        const began = performance.now();
        const before = document.querySelector(changed)?.textContent;
        const watch = new MutationObserver(() => {
          const now = document.querySelector(changed)?.textContent;
          if (!now || now === before) return;
          watch.disconnect();
          const finish = () => window.measuredTaps.push(performance.now() - began);
          requestAnimationFrame(() => requestAnimationFrame(finish));
        });
        watch.observe(document.body, { childList: true, subtree: true, characterData: true });
      },
      { capture: true },
    );
  }, changed);
}

export const measuredTaps = (app) => app.session.run(() => window.measuredTaps);
