import { configure } from "@testing-library/svelte";
import { afterEach } from "vitest";
import { install } from "../src/backend/backend";
import { fakeBackend } from "../src/backend/fake/fake";
import { forgetAll } from "../src/backend/live.svelte";

// jsdom knows no media, and Svelte's window asks for one.
window.matchMedia = (media) => Object.assign(new EventTarget(), { media, matches: false }) as MediaQueryList;
install(fakeBackend());
// What is waited for comes late where the machine is busy.
configure({ asyncUtilTimeout: 10_000 });
afterEach(forgetAll);
