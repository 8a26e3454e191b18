// From the start of the process to a screen that can be used.
import { startedAt } from '../processes.mjs';

/** When the page first painted anything, since its process was started, in milliseconds. */
export async function firstPaint(app) {
  const paintedMs = await app.session.runAsync((done) => {
    const isPaint = ({ name }) => name === 'first-contentful-paint';
    const answer = (entry) => done(performance.timeOrigin + entry.startTime);
    const [entry] = performance.getEntriesByType('paint').filter(isPaint);
    if (entry) return answer(entry);
    new PerformanceObserver((list) => list.getEntries().filter(isPaint).forEach(answer)).observe({ type: 'paint' });
  });
  return paintedMs - startedAt(app.session.pid);
}

/** When the page had this element and had drawn it, since its process was started, in milliseconds. */
export async function firstSight(app, css) {
  const seenMs = await app.session.runAsync((css, done) => {
    const look = () => {
      if (!document.querySelector(css)) return requestAnimationFrame(look);
      requestAnimationFrame(() => requestAnimationFrame(() => done(performance.timeOrigin + performance.now())));
    };
    look();
  }, css);
  return seenMs - startedAt(app.session.pid);
}
