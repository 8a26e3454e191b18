/** A command that answers with a value, anew each time. */
export function says<T>(value: T): () => Promise<T> {
  return () => Promise.resolve(structuredClone(value));
}

/** An event that never comes. */
export const silent = () => () => undefined;
