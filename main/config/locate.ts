/**
 * The line (1-based) of a key in TOML text, for error messages; smol-toml keeps no positions for valid keys. Understands `[table]`,
 * `[[array]]`, `key =`, dotted and quoted bare keys; multi-line strings that look like keys may mislead it by some lines, never worse.
 * `key` is the dotted path; falls back to the nearest enclosing table, then to line 1.
 */
export function lineOfKey(text: string, key: string): number {
  const lines = text.split('\n');
  let table = '';
  let best = 1;
  let bestLength = 0;
  for (const [i, raw] of lines.entries()) {
    const line = raw.trim();
    const header = /^\[\[?\s*([^\]]+?)\s*\]\]?/.exec(line);
    const assignment = /^((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=/.exec(
      line,
    );
    if (header?.[1] !== undefined) table = bare(header[1]);
    const here = header
      ? table
      : assignment?.[1] === undefined
        ? undefined
        : table === ''
          ? bare(assignment[1])
          : `${table}.${bare(assignment[1])}`;
    if (here === undefined) continue;
    if (here === key) return i + 1;
    if (key.startsWith(`${here}.`) && here.length > bestLength) {
      best = i + 1;
      bestLength = here.length;
    }
  }
  return best;
}

function bare(key: string): string {
  return key.replace(/\s*\.\s*/g, '.').replace(/["']/g, '');
}
