/** Gathers what was measured; prints it as the benchmarks' page shows it. */
export function table() {
  const rows = [];
  return {
    add(what, cameTo, unit, beside, atMost) {
      const shown = (value) => `${value >= 100 ? Math.round(value) : value.toFixed(1)} ${unit}`;
      rows.push({ cells: [what, shown(cameTo), beside, shown(atMost)], within: cameTo <= atMost });
    },
    /** Whether every limit held. */
    print() {
      console.log('| what | came to | beside it | at most | within |\n|---|---|---|---|---|');
      for (const { cells, within } of rows) console.log(`| ${[...cells, within ? 'yes' : 'NO'].join(' | ')} |`);
      return rows.every(({ within }) => within);
    },
  };
}
