// Side values hang on a fact: what has a shorter life, or fewer readers, than its record.
export const SIDE = { position: 1, phone: 2, pickupCode: 3, medicine: 4, signature: 5, photo: 6 };

/** 10 bytes: latitude and longitude in 1e-7 degrees, accuracy in metres. */
export function encodePosition({ latitude, longitude, accuracy }) {
  const bytes = Buffer.alloc(10);
  bytes.writeInt32BE(latitude, 0);
  bytes.writeInt32BE(longitude, 4);
  bytes.writeUInt16BE(accuracy, 8);
  return new Uint8Array(bytes);
}

export function decodePosition(bytes) {
  const view = Buffer.from(bytes);
  return { latitude: view.readInt32BE(0), longitude: view.readInt32BE(4), accuracy: view.readUInt16BE(8) };
}

export function checkSideValue(name, value) {
  const fits = {
    [SIDE.position]: () => value.length === 10,
    [SIDE.phone]: () => [...new TextDecoder('utf-8', { fatal: true }).decode(value)].length <= 20,
    [SIDE.pickupCode]: () => value.length === 8,
    [SIDE.medicine]: () => value.length === 0,
    [SIDE.signature]: () => value.length <= 4096,
    [SIDE.photo]: () => value.length === 32,
  }[name];
  if (!fits?.()) throw new Error(`not a side value of name ${name}`);
}
