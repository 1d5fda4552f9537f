import type { Status } from '../../shared/schemas.ts';

/** Decimal sizes as the screen shows them: `1.24 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ${units[unit] ?? ''}`;
}

/** `22,695`, as on the screen. */
export function formatCount(n: number): string {
  return n.toLocaleString('en-GB');
}

/** `2026-01-31T12:00:00.000001Z`: microseconds are kept, zeros at the end are not. */
export function formatTime(us: number): string {
  const seconds = Math.floor(us / 1_000_000);
  const fraction = us - seconds * 1_000_000;
  const whole = new Date(seconds * 1_000).toISOString().slice(0, 19);
  return `${whole}${fraction === 0 ? '' : `.${String(fraction).padStart(6, '0').replace(/0+$/, '')}`}Z`;
}

/** The link to the archive, in the words of the screen. */
export const LINK_WORDS: Record<Status['link']['state'], string> = {
  ok: 'reachable',
  offline: 'offline',
  slow: 'slow',
  clock: 'wrong clock',
  credentials: 'keys refused',
  bucket: 'archive unusable',
  portal: 'wrong answer',
  unset: 'no archive',
};

/** Left-aligned text columns, numbers right-aligned. */
export function table(header: string[], rows: string[][]): string {
  const widths = header.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const numeric = header.map(
    (_, i) => rows.length > 0 && rows.every((row) => /^[\d ,.-]+( ?[kMGT]?B)?$/.test(row[i] ?? '')),
  );
  const line = (cells: string[]): string =>
    cells
      .map((cell, i) => (numeric[i] === true ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(header), ...rows.map(line)].join('\n');
}

/** A progress bar on stderr, only when a person watches; otherwise silent. */
export function progressBar(label: string): { show(done: number, total: number, note: string): void; end(): void } {
  const live = process.stderr.isTTY === true;
  return {
    show(done, total, note) {
      if (!live) return;
      const part = total > 0 ? Math.min(1, done / total) : 0;
      const filled = Math.round(part * 24);
      process.stderr.write(
        `\r\u001b[2K${label} [${'#'.repeat(filled)}${'.'.repeat(24 - filled)}] ${String(Math.floor(part * 100)).padStart(3)} %  ${note}`,
      );
    },
    end() {
      if (live) process.stderr.write('\r\u001b[2K');
    },
  };
}
