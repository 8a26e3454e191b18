import { mount } from "svelte";
import App from "./App.svelte";
import { install } from "./backend/backend";
import { tauriBackend } from "./backend/tauri";
import "./design/base.css";
import { restart, watched } from "./session.svelte";

install(watched(tauriBackend()));
await restart();
mount(App, { target: document.body.querySelector("#app") ?? document.body });
