import { spawnSync } from 'node:child_process';

/** A screen has few colours: a palette makes a picture of it a third as large. */
export function withPalette(png, colours = 64) {
  const options = ['--speed', '1', '--strip', '--nofs', String(colours), '-'];
  const { status, stdout, stderr } = spawnSync('pngquant', options, { input: png, maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`pngquant: ${stderr}`);
  return stdout;
}
