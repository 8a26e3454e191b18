import { expect, test } from "vitest";
import { codeCharacters, codeGrouped, serverAddress } from "./enrolment-code";

test("a code may be typed as people type", () => {
  expect(codeCharacters(" 7k3m-9qxt 2bva")).toBe("7K3M9QXT2BVA");
  expect(codeCharacters("７Ｋ３ｍ—9qxt")).toBe("7K3M9QXT");
});

test("a code is shown as it is printed", () => {
  expect(codeGrouped("7k3m9qxt2bva")).toBe("7K3M-9QXT-2BVA");
  expect(codeGrouped("7k3m9")).toBe("7K3M-9");
  expect(codeGrouped("")).toBe("");
});

test("an address without a scheme means https, and one with a scheme stays", () => {
  expect(serverAddress(" sync.example:8470/ ")).toBe("https://sync.example:8470");
  expect(serverAddress("http://127.0.0.1:8470")).toBe("http://127.0.0.1:8470");
  expect(serverAddress("sync。example：8470")).toBe("https://sync.example:8470");
  expect(serverAddress("  ")).toBe("");
});
