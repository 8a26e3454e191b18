import { afterEach } from "vitest";
import { install } from "../src/backend/backend";
import { fakeBackend } from "../src/backend/fake/fake";
import { forgetAll } from "../src/backend/live.svelte";

install(fakeBackend());
afterEach(forgetAll);
