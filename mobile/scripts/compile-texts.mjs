// Compiles assets/i18n into one module a language, so that a language is loaded when it is chosen.
import { compile } from "@inlang/paraglide-js";

await compile({
  project: "./project.inlang",
  outdir: "./src/texts/generated",
  outputStructure: "locale-modules",
  strategy: ["baseLocale"],
});
// The compiler leaves timers behind that would keep the process for half a minute.
process.exit(0);
