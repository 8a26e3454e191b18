import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

/** Which folders of src/ a folder may not import from, and why. */
const forbidden = (folders, message) =>
  folders.map((folder) => ({ group: [`**/${folder}/**`, `../${folder}`], message }));

const noTauri = {
  group: ["@tauri-apps/*"],
  message: "Only backend/tauri.ts speaks to the shell; screens know the Backend interface.",
};

const layer = (files, ignores, patterns) => ({
  files,
  ignores: [...ignores, "**/*.test.ts"],
  rules: { "no-restricted-imports": ["error", { patterns: [noTauri, ...patterns] }] },
});

export default ts.config(
  {
    ignores: [
      "dist",
      "dist-gallery",
      "node_modules",
      "src/texts/generated",
      "src/**/*.gen.ts",
      "src-tauri",
      "project.inlang",
    ],
  },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser } } },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig } },
  },
  {
    rules: {
      eqeqeq: "error",
      "no-console": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "svelte/no-at-html-tags": "error",
      // The router is not SvelteKit's: there is no resolve().
      "svelte/no-navigation-without-resolve": "off",
    },
  },
  {
    // A function that is sent to the page stands beside those that send it.
    files: ["e2e/**"],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: { "no-console": "off" },
  },
  {
    files: ["scripts/**", "tests/**", "*.config.*"],
    languageOptions: { globals: globals.node },
    rules: { "no-console": "off" },
  },
  {
    files: ["src/**"],
    ignores: ["**/*.test.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        ...[
          "MemberExpression[object.name='Date'][property.name='now']",
          "NewExpression[callee.name='Date'][arguments.length=0]",
        ].map((selector) => ({
          selector,
          message: "The phone's clock may be wrong by years: nowMs() of session.svelte.ts is the core's.",
        })),
      ],
    },
  },
  layer(["src/**"], ["src/backend/tauri.ts"], []),
  layer(
    ["src/components/**"],
    [],
    [
      ...forbidden(
        ["backend", "screens", "navigation", "gallery"],
        "A component is given what it shows and says what happened.",
      ),
    ],
  ),
  layer(
    ["src/texts/**"],
    [],
    [...forbidden(["screens", "components", "navigation", "gallery"], "Texts know no interface.")],
  ),
  layer(
    ["src/backend/**"],
    ["src/backend/tauri.ts"],
    [...forbidden(["screens", "components", "navigation", "gallery"], "The backend knows no interface.")],
  ),
  layer(
    ["src/navigation/**"],
    [],
    [...forbidden(["screens", "components", "backend", "gallery"], "The router knows names alone.")],
  ),
  layer(
    ["src/screens/**"],
    [],
    [
      ...forbidden(["gallery"], "The gallery shows screens' parts, not the other way round."),
      {
        group: ["**/backend/tauri", "**/backend/fake/**", "**/backend/fake"],
        message: "Screens know the Backend interface alone.",
      },
    ],
  ),
);
