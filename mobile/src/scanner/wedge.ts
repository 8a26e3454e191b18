/** A scanner that poses as a keyboard types far faster than a hand: at most this long between two keys. */
const BETWEEN_KEYS_MS = 80;

/** Shorter texts that end in Enter are somebody's fingers. */
const SHORTEST = 4;

function isTypingInto(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=radio], [type=checkbox]), textarea, select"))
  );
}

/**
 * Hears what a scanner types, wherever the focus is, but for a field: there one types oneself, and the field hears
 * the scanner too. Answers with how to stop.
 */
export function listenForScans(told: (text: string) => void): () => void {
  let text = "";
  let lastKeyMs = 0;

  const hear = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || isTypingInto(event.target)) return;
    if (event.timeStamp - lastKeyMs > BETWEEN_KEYS_MS) text = "";
    lastKeyMs = event.timeStamp;
    if (event.key === "Enter") {
      if (text.length < SHORTEST) return;
      // Else the button that has the focus would be pressed by the scanner.
      event.preventDefault();
      event.stopPropagation();
      told(text);
      text = "";
    } else if (event.key.length === 1) {
      text += event.key;
    }
  };

  addEventListener("keydown", hear, { capture: true });
  return () => removeEventListener("keydown", hear, { capture: true });
}
