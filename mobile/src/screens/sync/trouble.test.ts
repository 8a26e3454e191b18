import { beforeEach, expect, test } from "vitest";
import { setLocale } from "../../texts/texts.svelte";
import { troubleOf } from "./trouble";

beforeEach(() => setLocale("en"));

/** Every code that a sync can end with: those of the protocol, of the link, and of the phone's own store. */
const PROTOCOL = [
  "malformed",
  "too_large",
  "unauthorised",
  "revoked",
  "bad_signature",
  "busy",
  "store_full",
  "internal",
  "not_found",
  "wrong_method",
  "wrong_type",
  "bad_actor",
  "timeout",
  "unknown_county",
  "wrong_version",
];
const LINK = ["bad_address", "unreachable", "cut", "foreign_server", "cancelled"];
const SERVER = ["wrong_server_key", "untrusted_certificate", "certificate_expired", "insecure_address"];
const PHONE = ["not_enrolled", "disk_full", "folder_not_writable", "damaged", "store", "io"];

test("a link that fails is how the day is, and alarms nobody", () => {
  for (const code of ["unreachable", "cut", "timeout", "busy", "internal", "cancelled"]) {
    expect(troubleOf(code).look).toBe("calm");
  }
});

test("nobody is told that there is no connection", () => {
  for (const code of [...PROTOCOL, ...LINK, ...SERVER, ...PHONE]) {
    expect(troubleOf(code).text).not.toMatch(/no connection|offline|network error/i);
  }
});

test("what the dispatcher must know is named by its code", () => {
  for (const code of ["wrong_version", "bad_signature", "malformed", "damaged", "io"]) {
    expect(troubleOf(code).text).toContain(code);
    expect(troubleOf(code).look).toBe("act");
  }
});

test("of a server that is not the county's it says that nothing was sent", () => {
  for (const code of SERVER) {
    expect(troubleOf(code).text).toContain("nothing was sent");
    expect(troubleOf(code).look).toBe("act");
  }
  expect(troubleOf("wrong_server_key").enrolAgain).toBe(true);
});

test("a device that the county does not know any more can enrol again", () => {
  expect(troubleOf("unauthorised").enrolAgain).toBe(true);
  expect(troubleOf("revoked").enrolAgain).toBe(false);
});
