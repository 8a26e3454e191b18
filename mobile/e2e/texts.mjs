// The app's texts, as people read them, so that tests need not repeat them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './paths.mjs';

export const LANGUAGES = ['zh-Hans', 'kk-Arab', 'en'];

const texts = Object.fromEntries(
  LANGUAGES.map((language) => {
    const path = join(repository, 'assets/i18n', `${language}.json`);
    return [language, JSON.parse(readFileSync(path, 'utf8'))];
  }),
);

/** The text of a key with its parameters. */
export function say(language, key, parameters = {}) {
  const text = texts[language][key];
  if (text === undefined) throw new Error(`no text ${key} in ${language}`);
  return text.replace(/\{(\w+)\}/g, (_, name) => {
    if (!(name in parameters)) throw new Error(`${key} wants ${name}`);
    return parameters[name];
  });
}
