import { afterEach, expect, test, vi } from "vitest";
import { listenForScans } from "./wedge";

let stop: (() => void) | undefined;
afterEach(() => {
  stop?.();
  document.body.replaceChildren();
});

function press(keys: readonly string[], every: number, target: EventTarget = document.body): KeyboardEvent[] {
  return keys.map((key, n) => {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    Object.defineProperty(event, "timeStamp", { value: 1000 + n * every });
    target.dispatchEvent(event);
    return event;
  });
}

test("hears a scanner and keeps its Enter from pressing a button", () => {
  const told = vi.fn();
  stop = listenForScans(told);

  const events = press([..."SF1234567", "Enter"], 8);

  expect(told).toHaveBeenCalledExactlyOnceWith("SF1234567");
  expect(events.at(-1)?.defaultPrevented).toBe(true);
});

test("takes slow keys for a hand", () => {
  const told = vi.fn();
  stop = listenForScans(told);

  press([..."SF1234567", "Enter"], 200);

  expect(told).not.toHaveBeenCalled();
});

test("leaves what is typed into a field to the field", () => {
  const told = vi.fn();
  stop = listenForScans(told);
  const field = document.body.appendChild(document.createElement("input"));

  press([..."SF1234567", "Enter"], 8, field);

  expect(told).not.toHaveBeenCalled();
});

test("hears one scan after the other", () => {
  const told = vi.fn();
  stop = listenForScans(told);

  press([..."AAAA1111", "Enter", ..."BBBB2222", "Enter"], 8);

  expect(told.mock.calls).toEqual([["AAAA1111"], ["BBBB2222"]]);
});
