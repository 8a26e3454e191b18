/** What the core and the shell say of this device. */
import type { Names, PersonId, RecordId } from "./records";

export interface Settings {
  language: "zh-Hans" | "kk-Arab" | "en";
  theme: "system" | "light" | "dark" | "contrast";
  text_size: 1 | 2 | 3;
  xinjiang_time: boolean;
  sound: boolean;
  vibration: boolean;
}

export interface Person {
  id: PersonId;
  name: string;
  role: string;
  station: RecordId | null;
}

export type KeyPlace = "system" | "file";

export interface Started {
  person: Person | null;
  settings: Settings;
  is_locked: boolean;
  has_pin: boolean;
  key_place: KeyPlace | null;
  /** Why the store could not be opened, as a stable code. */
  store_error: string | null;
}

/** What a PIN came to. */
export type Unlock =
  { unlock: "open" } | { unlock: "wrong"; wait_ms: number } | { unlock: "wait"; wait_ms: number };

/** What an enrolment's QR code says. */
export interface EnrolmentText {
  address: string;
  code: string;
  county: string | null;
}

/** All that there is to say of this device. */
export interface ThisDevice {
  device: number;
  person: Person;
  station_names: Names;
  server: string;
  county: string;
  store_bytes: number;
  clock_is_sure: boolean;
}

/** Whose device it is, its lock and its settings. */
export interface Device {
  start(): Promise<Started>;
  enrol(address: string, code: string, county: string | null): Promise<Person>;
  /** The texts of all codes in a picture. */
  readPicture(bytes: number[]): Promise<string[]>;
  /** What an enrolment's QR code says; null where the text is none. */
  readEnrolment(text: string): Promise<EnrolmentText | null>;
  saveSettings(settings: Settings): Promise<void>;
  setPin(pin: string | null): Promise<void>;
  unlock(pin: string): Promise<Unlock>;
  lock(): Promise<void>;
  /** Somebody uses the app: it does not lock by itself for a while. */
  inUse(): Promise<void>;
  thisDevice(): Promise<ThisDevice>;
  /** Called when the app locked, since nobody used it; answers with how to stop listening. */
  onLocked(locked: () => void): () => void;
}
