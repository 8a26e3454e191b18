import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { plainIcons } from "./scripts/icons";

/** What developers look at and nobody is given: every component, and the whole app on made-up records. */
export default defineConfig({
  plugins: [plainIcons(), svelte()],
  base: "./",
  server: { port: 1421, strictPort: true, fs: { allow: [".."] } },
  build: {
    outDir: "dist-gallery",
    target: ["chrome111", "safari16.4"],
    reportCompressedSize: false,
    rolldownOptions: { input: ["gallery.html", "sample.html"] },
  },
});
