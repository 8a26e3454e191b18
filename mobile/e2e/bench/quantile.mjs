/** The value below which such a part of the sample lies, by the nearest rank. */
export function quantile(sample, part) {
  const sorted = [...sample].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
}

export const median = (sample) => quantile(sample, 0.5);
