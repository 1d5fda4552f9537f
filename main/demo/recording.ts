import { importFile } from '../ingest/import/import-file.ts';

/** One recording as lines of line protocol without their timestamps, ascending. */
export interface Recording {
  lines: readonly { t: number; text: string }[];
  /** From the first line to the first line of the next repetition. */
  periodUs: number;
}

export async function loadRecording(file: string, open: (file: string) => AsyncIterable<Buffer>): Promise<Recording> {
  const lines: { t: number; text: string }[] = [];
  for await (const { body } of importFile(file, open(file))) {
    for (const line of Buffer.from(body).toString('utf8').split('\n')) {
      const cut = line.lastIndexOf(' ');
      if (cut > 0) lines.push({ t: Number(line.slice(cut + 1)), text: line.slice(0, cut) });
    }
  }
  lines.sort((a, b) => a.t - b.t);
  const [first, second] = [lines[0]?.t ?? 0, lines[1]?.t ?? 1];
  return { lines, periodUs: (lines.at(-1)?.t ?? 0) - first + Math.max(1, second - first) };
}

/** Lines of the endlessly repeated recording within [from, to), shifted so that one repetition ends at `anchorUs`. */
export function* replay(r: Recording, anchorUs: number, from: number, to: number): Generator<string> {
  const last = r.lines.at(-1)?.t ?? 0;
  const firstCycle = Math.floor((from - anchorUs) / r.periodUs);
  const lastCycle = Math.ceil((to - anchorUs) / r.periodUs);
  for (let cycle = firstCycle; cycle <= lastCycle; cycle++) {
    const shift = anchorUs - last + cycle * r.periodUs;
    for (const { t, text } of r.lines) {
      if (t + shift >= from && t + shift < to) yield `${text} ${t + shift}`;
    }
  }
}
