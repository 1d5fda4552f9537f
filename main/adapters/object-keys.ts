/** A key as the port wants it: parts between `/`, none empty, none `.` or `..`, no control characters. Throws for anything else. */
export function checkKey(key: string): string[] {
  const parts = key.split('/');
  const bad = parts.some(
    (part) => part === '' || part === '.' || part === '..' || [...part].some((c) => c < ' ' || c === '\u007f'),
  );
  if (bad || key.length > 1_000) throw new Error(`not an object key: ${JSON.stringify(key.slice(0, 100))}`);
  return parts;
}
