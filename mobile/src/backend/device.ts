/** What the core and the shell say of this device. */

export interface Settings {
  language: "zh-Hans" | "kk-Arab" | "en";
  theme: "system" | "light" | "dark" | "contrast";
  text_size: 1 | 2 | 3;
  xinjiang_time: boolean;
  sound: boolean;
  vibration: boolean;
}

export interface Person {
  person: string;
  name: string;
  role: string;
  station: string | null;
}

export interface Started {
  person: Person | null;
  settings: Settings;
  locked: boolean;
  has_pin: boolean;
  key_place: "system" | "file";
  store_error: string | null;
}

export interface SyncProgress {
  records_done: number;
  records_all: number | null;
  facts_sent: number;
  bytes_up: number;
  bytes_down: number;
}
