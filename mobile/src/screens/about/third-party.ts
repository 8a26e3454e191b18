/** A piece of software that is built into the app. */
export interface Package {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
}

const ROW = /^\| (?<name>[^|`]+) \| (?<version>\d[^|]*) \| (?<licence>[^|]+) \|$/gm;

/** The packages that a list such as THIRD-PARTY.md names, each once. */
export function packagesIn(list: string): readonly Package[] {
  const packages = new Map<string, Package>();
  for (const { groups } of list.matchAll(ROW)) {
    const { name = "", version = "", licence = "" } = groups ?? {};
    packages.set(`${name} ${version}`, { name, version, licence });
  }
  return [...packages.values()];
}

/** The list that stands beside the code. It is large, and loaded when somebody asks for it. */
export async function thirdParty(): Promise<readonly Package[]> {
  const list = await import("../../../../THIRD-PARTY.md?raw");
  return packagesIn(list.default);
}

/** The licence of the font that is built in, which has to come with it. */
export async function fontLicence(): Promise<string> {
  const licence = await import("../../../../assets/fonts/OFL.txt?raw");
  return licence.default;
}
