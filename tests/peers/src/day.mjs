// The day that the benchmark drew, as it wrote it down: parcels with what is planned, and what a courier then records.

import { readFileSync } from "node:fs"

/** @param {string} file @returns {{ parcels: object[], day: { parcel: number, fact: object }[] }} */
export function read(file) {
  return JSON.parse(readFileSync(file, "utf8"))
}

/** A value with its bytes, which the file has in hexadecimal, as `inBytes` makes them. */
export function withBytes(value, inBytes) {
  if (Array.isArray(value)) return value.map(one => withBytes(one, inBytes))
  if (value === null || typeof value !== "object") return value
  if (typeof value.hex === "string") return inBytes(Buffer.from(value.hex, "hex"))
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withBytes(one, inBytes)]))
}
