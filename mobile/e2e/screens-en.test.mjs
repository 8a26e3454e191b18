// What holds on every screen in English, and on a clerk's.
import { CLERK, COURIER } from './a-day.mjs';
import { everyScreen, inEveryLook, inOneLook } from './every-screen.mjs';

everyScreen(
  ['every screen in English', COURIER, 'en', inOneLook],
  ['every screen of a clerk', CLERK, 'zh-Hans', inEveryLook],
);
