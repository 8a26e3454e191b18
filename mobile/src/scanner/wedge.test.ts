import { afterEach, expect, test, vi } from "vitest";
import { hearScanner, listenForScans } from "./wedge";

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  document.body.replaceChildren();
});

const elsewhere = { isCovered: vi.fn(() => false), unwanted: vi.fn() };

function hear(): void {
  elsewhere.isCovered.mockReset().mockReturnValue(false);
  elsewhere.unwanted.mockReset();
  stops.push(hearScanner(elsewhere));
}

function listen(isBeside = false) {
  const told = vi.fn();
  const stop = listenForScans(told, isBeside);
  stops.push(stop);
  return { told, stop };
}

function press(
  keys: readonly string[],
  every: number | ((n: number) => number),
  target: EventTarget = document.body,
): KeyboardEvent[] {
  return keys.map((key, n) => {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    Object.defineProperty(event, "timeStamp", {
      value: 1000 + (typeof every === "number" ? n * every : every(n)),
    });
    target.dispatchEvent(event);
    return event;
  });
}

const SCAN = [..."SF1234567", "Enter"];

test("hears a scanner and keeps its Enter from pressing a button", () => {
  hear();
  const { told } = listen();

  const events = press(SCAN, 8);

  expect(told).toHaveBeenCalledExactlyOnceWith("SF1234567");
  expect(events.at(-1)?.defaultPrevented).toBe(true);
  expect(elsewhere.unwanted).not.toHaveBeenCalled();
});

test("a space within a code presses nothing either", () => {
  hear();
  const { told } = listen();

  const events = press([..."SF 1234", "Enter"], 8);

  expect(events[2]?.defaultPrevented).toBe(true);
  expect(told).toHaveBeenCalledExactlyOnceWith("SF 1234");
  expect(press([" "], 8)[0]?.defaultPrevented).toBe(false);
});

test("takes slow keys for a hand", () => {
  hear();
  const { told } = listen();

  const events = press(SCAN, 200);

  expect(told).not.toHaveBeenCalled();
  expect(events.at(-1)?.defaultPrevented).toBe(false);
});

test("one key that comes late cuts no number in two", () => {
  hear();
  const { told } = listen();
  const late = (n: number) => n * 8 + (n > 4 ? 400 : 0);

  press(SCAN, late);

  expect(told).toHaveBeenCalledExactlyOnceWith("SF1234567");
});

test("leaves what is typed into a field to the field, but a file's field takes no text", () => {
  hear();
  const { told } = listen();
  const field = document.body.appendChild(document.createElement("input"));

  press(SCAN, 8, field);
  expect(told).not.toHaveBeenCalled();

  field.type = "file";
  const events = press(SCAN, 8, field);
  expect(told).toHaveBeenCalledOnce();
  expect(events.at(-1)?.defaultPrevented).toBe(true);
});

test("hears one scan after the other", () => {
  hear();
  const { told } = listen();

  press([..."AAAA1111", "Enter", ..."BBBB2222", "Enter"], 8);

  expect(told.mock.calls).toEqual([["AAAA1111"], ["BBBB2222"]]);
});

test("what no screen wants is told as that", () => {
  hear();

  press(SCAN, 8);

  expect(elsewhere.unwanted).toHaveBeenCalledExactlyOnceWith("SF1234567");
});

test("of two that listen the one opened last hears it, and what stands beside only where the page does not", () => {
  hear();
  const page = listen();
  const beside = listen(true);
  const over = listen();

  press(SCAN, 8);
  over.stop();
  press(SCAN, 8);
  page.stop();
  press(SCAN, 8);

  const calls = [over, page, beside].map(({ told }) => told.mock.calls.length);
  expect(calls).toEqual([1, 1, 1]);
  expect(elsewhere.unwanted).not.toHaveBeenCalled();
});

test("under a sheet a scan does nothing, and presses nothing in it", () => {
  hear();
  const { told } = listen();
  elsewhere.isCovered.mockReturnValue(true);
  const button = document.body.appendChild(document.createElement("button"));

  const events = press(SCAN, 8, button);

  expect(told).not.toHaveBeenCalled();
  expect(elsewhere.unwanted).not.toHaveBeenCalled();
  expect(events.at(-1)?.defaultPrevented).toBe(true);
});
