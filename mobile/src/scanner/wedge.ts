/** A scanner that poses as a keyboard types far faster than a hand: at most this long for a key, on average. */
const EACH_KEY_MS = 120;

/** A busy phone can be late with one key of a scan, and half a number must not be taken for a whole one. */
const LATEST_KEY_MS = 500;

/** Shorter texts that end in Enter are somebody's fingers. */
const SHORTEST = 4;

type Told = (text: string) => void;

/** Who wants what is scanned: the last one hears it, and nobody else. */
const wanting: Told[] = [];

function isTypingInto(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches("input:not([type=radio], [type=checkbox], [type=file]), textarea, select"))
  );
}

/**
 * Wants what is scanned while it is there: a page before what stands beside it, and what was opened later before what
 * it was opened over. Answers with how to stop.
 */
export function listenForScans(told: Told, isBeside = false): () => void {
  if (isBeside) wanting.unshift(told);
  else wanting.push(told);
  return () => {
    wanting.splice(wanting.lastIndexOf(told), 1);
  };
}

/** What becomes of a scan that no screen wants. */
export interface Elsewhere {
  /** Whether something lies over the screen: then a scan does nothing at all. */
  isCovered(): boolean;
  /** It is nobody's. */
  unwanted(text: string): void;
}

/**
 * Hears for the whole app what a scanner types, wherever the focus is, but for a field: there one types oneself, and
 * the field hears the scanner too. Answers with how to stop.
 */
export function hearScanner({ isCovered, unwanted }: Elsewhere): () => void {
  let text = "";
  let firstKeyMs = 0;
  let lastKeyMs = 0;

  const hear = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || isTypingInto(event.target)) return;
    if (event.timeStamp - lastKeyMs > LATEST_KEY_MS) text = "";
    lastKeyMs = event.timeStamp;
    if (event.key === "Enter") {
      const heard = text;
      text = "";
      const isByHand = lastKeyMs - firstKeyMs > heard.length * EACH_KEY_MS;
      if (heard.length < SHORTEST || isByHand) return;
      keepFromButtons(event);
      if (isCovered()) return;
      (wanting.at(-1) ?? unwanted)(heard);
    } else if (event.key.length === 1) {
      if (text === "") firstKeyMs = lastKeyMs;
      else if (event.key === " ") keepFromButtons(event);
      text += event.key;
    }
  };

  addEventListener("keydown", hear, { capture: true });
  return () => removeEventListener("keydown", hear, { capture: true });
}

/** Else the button that has the focus would be pressed by the scanner. */
function keepFromButtons(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
}
