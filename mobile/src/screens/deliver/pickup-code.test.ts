import { expect, test } from "vitest";
import { pickupCodeFrom } from "./delivering";

test.each([
  ["6-1-2024", "6-1-2024"],
  ["１２３４", "1234"],
  [" ab12 ", "ab12"],
  ["123", null],
  ["12345678901234567", null],
  ["https://sample.example/1234", null],
  ["一二三四", null],
])("a picture's %s is the pickup code %s", (read, code) => {
  expect(pickupCodeFrom(read)).toBe(code);
});
