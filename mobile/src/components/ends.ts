/**
 * Whether this key ends what is typed. The Enter that takes a word out of an input method's list does not: engines say
 * so by isComposing, WebKit by the key code 229.
 */
export function ends(event: KeyboardEvent): boolean {
  return event.key === "Enter" && !event.isComposing && event.keyCode !== 229;
}
