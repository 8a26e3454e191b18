// From the finger to the frame that shows what was recorded.
import { button, nextAct } from '../courier.mjs';

/** Where it is said that something was recorded. */
const SAID = '[data-testid=toast]';
const REASONS = ['recipient_absent', 'phone_unreachable'];

/** From now on the page measures, from each pointerdown to the second frame after it says something else. */
async function watch(app) {
  await app.session.run((said) => {
    window.measuredTaps = [];
    const told = () => document.querySelector(said)?.textContent;
    let changes;
    const measure = () => {
      changes?.disconnect();
      const [began, before] = [performance.now(), told()];
      changes = new MutationObserver(() => {
        if (!told() || told() === before) return;
        changes.disconnect();
        const finish = () => window.measuredTaps.push(performance.now() - began);
        requestAnimationFrame(() => requestAnimationFrame(finish));
      });
      changes.observe(document.body, { childList: true, subtree: true, characterData: true });
    };
    addEventListener('pointerdown', measure, { capture: true });
  }, SAID);
}

const measured = (app) => app.session.run(() => window.measuredTaps);

/** Notes failed attempts at the first stop, each with another reason than the last; how long each tap took, in ms. */
export async function failAgainAndAgain(app, times) {
  await watch(app);
  for (let done = 0; done < times; done += 1) {
    await app.tap(nextAct);
    await app.tap(button(app, 'stop_could_not'));
    await app.tap(button(app, `failure_reason_${REASONS[done % REASONS.length]}`));
    await app.gone({ role: 'dialog' });
    await app.find(button(app, 'today_go'));
  }
  return measured(app);
}

/** Taps a button that writes a number on an empty page: the least that a tap can take; in milliseconds. */
export async function tapEmptyPage(bare, times) {
  await bare.session.run(() => {
    const [count, said] = ['button', 'output'].map((name) => document.createElement(name));
    count.textContent = '+';
    said.dataset.testid = 'toast';
    count.addEventListener('click', () => (said.textContent = Number(said.textContent) + 1));
    document.body.replaceChildren(count, said);
  });
  await watch(bare);
  for (let done = 0; done < times; done += 1) await bare.tap({ css: 'button' });
  return measured(bare);
}
