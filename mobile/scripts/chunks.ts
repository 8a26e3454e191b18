/** What is known of a module while the app is being built. */
interface Context {
  getModuleInfo(id: string): { readonly importers: readonly string[] } | null;
}

/** Where the app begins, and what it shows first. */
const FIRST = /\/(index\.html|src\/main\.ts|src\/screens\/today\/Today\.svelte)$/;

/** Loaded on its own, when somebody asks for it: a language, or the full text of a licence. */
const ON_DEMAND = /\/generated\/messages\/(kk-Arab|en)\.js|\/arabic\.css|\?raw$/;

const first = new Map<string, boolean>();

function comesFirst(id: string, context: Context): boolean {
  const known = first.get(id);
  if (known !== undefined) return known;
  // Not yet true while it is being found out: modules may import each other in a circle.
  first.set(id, false);
  const importers = context.getModuleInfo(id)?.importers ?? [];
  const answer = FIRST.test(id) || importers.some((importer) => comesFirst(importer, context));
  first.set(id, answer);
  return answer;
}

/**
 * Two chunks: what Today needs, and all other screens, which are loaded once Today stands. One chunk a screen made
 * 221 files, weighed 70 kB more in brotli since small files compress badly, and saved nothing: it all comes from the
 * same disk.
 */
export function chunkOf(id: string, context: Context): string | null {
  if (ON_DEMAND.test(id)) return null;
  return comesFirst(id, context) ? "first" : "screens";
}
