// Pictures of codes as a courier takes them: of a parcel's label, and of the terminal at the station.
import JsBarcode from 'jsbarcode';
import { png } from './png.mjs';

/** Light modules around a barcode; ISO/IEC 15417 wants ten beside it. */
const QUIET = 12;
const HIGH = 40;

/** How a terminal is told its colours. */
const [DARK_ON_LIGHT, PLAIN] = ['\x1b[30;107m', '\x1b[0m'];

/** A picture of a waybill's number as Code 128. */
export function label(waybill) {
  const drawn = {};
  JsBarcode(drawn, waybill, { format: 'CODE128' });
  const bars = [...drawn.encodings.map(({ data }) => data).join('')].map((module) => module === '1');
  const light = (count) => Array(count).fill(false);
  const row = [...light(QUIET), ...bars, ...light(QUIET)];
  const above = Array(QUIET).fill(light(row.length));
  return png([...above, ...Array(HIGH).fill(row), ...above], 3);
}

/** A picture of the QR code in what a terminal shows: half blocks, two modules a character, dark on light. */
export function qrOnTerminal(shown) {
  const lines = shown.split('\n').filter((line) => line.startsWith(DARK_ON_LIGHT));
  const characters = lines.map((line) => [...line.slice(DARK_ON_LIGHT.length).replace(PLAIN, '')]);
  return png(
    characters.flatMap((row) => [row.map((one) => '█▀'.includes(one)), row.map((one) => '█▄'.includes(one))]),
    6,
  );
}

/** A picture without a code. */
export function blank() {
  return png(Array(80).fill(Array(120).fill(false)), 4);
}
