import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";
import { chunkOf } from "./scripts/chunks";
import { plainIcons } from "./scripts/icons";

export default defineConfig({
  plugins: [plainIcons(), svelte(), svelteTesting()],
  // Relative, so that the same build opens from the app's own scheme and from a file server.
  base: "./",
  clearScreen: false,
  server: { port: 1420, strictPort: true, fs: { allow: [".."] } },
  build: {
    // The oldest webviews that the app is meant for: Android System WebView 111, Safari 16.4, WebKitGTK 2.40.
    target: ["chrome111", "safari16.4"],
    // No inlined assets and no inline preload script: the content security policy forbids both.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: chunkOf }] },
      },
    },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.ts", "tests/**/*.test.ts"],
    setupFiles: ["tests/setup.ts"],
    restoreMocks: true,
    // A real DOM on two busy cores takes its time; a test that hangs still ends.
    testTimeout: 20_000,
    expect: { poll: { timeout: 10_000 } },
  },
});
