import { mount } from "svelte";
import "../design/base.css";
import { setTextSize, setTheme } from "../design/theme";
import { setLocale } from "../texts/texts.svelte";
import { askedLocale, askedSettings } from "./asked";
import Gallery from "./Gallery.svelte";

const settings = askedSettings();
setTheme(settings.theme);
setTextSize(settings.text_size);
await setLocale(askedLocale());
mount(Gallery, { target: document.body.querySelector("#app") ?? document.body });
