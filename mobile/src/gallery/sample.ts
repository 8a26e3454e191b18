import { mount } from "svelte";
import App from "../App.svelte";
import { install } from "../backend/backend";
import { SAMPLE_PERSON, SAMPLE_STARTED } from "../backend/fake/device";
import { fakeBackend } from "../backend/fake/fake";
import { sampleRoute } from "../backend/fake/route";
import "../design/base.css";
import { go } from "../navigation/router.svelte";
import type { PlainRoute } from "../navigation/routes";
import { restart } from "../session.svelte";
import { setLocale } from "../texts/texts.svelte";
import { askedFor, askedLocale, askedSettings } from "./asked";

const stops = Number(askedFor("stops") ?? 12);
const person = { ...SAMPLE_PERSON, role: askedFor("role") ?? "courier" };

install(
  fakeBackend({
    start: () =>
      Promise.resolve({
        ...SAMPLE_STARTED,
        settings: askedSettings(),
        person: askedFor("role") === "nobody" ? null : person,
        is_locked: askedFor("locked") !== null,
      }),
    today: () => Promise.resolve(sampleRoute(stops)),
  }),
);
await restart();
await setLocale(askedLocale());
mount(App, { target: document.body.querySelector("#app") ?? document.body });

// `?open=stop&stop=sample-stop-1` opens a screen with what follows.
const open = askedFor("open");
if (open) {
  const params = Object.fromEntries(new URLSearchParams(location.search));
  setTimeout(() => (go as (name: string, params: object) => void)(open as PlainRoute, params), 300);
}
