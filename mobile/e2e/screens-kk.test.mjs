// What holds on every screen from right to left.
import { CLERK, COURIER } from './a-day.mjs';
import { everyScreen, fromRightToLeft } from './every-screen.mjs';

everyScreen(
  ['every screen is there from right to left, without a letter of the other script', COURIER, 'kk-Arab', fromRightToLeft],
  ['every screen of a clerk, from right to left', CLERK, 'kk-Arab', fromRightToLeft],
);
