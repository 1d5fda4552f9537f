import type { ImportBody } from './body.ts';
import { importCsv, isCsvHeader } from './csv.ts';
import { importError } from './error.ts';
import { type Bytes, gunzip, peek } from './input.ts';
import { importLineProtocol } from './line-protocol.ts';
import { importSurfrad, isSurfradSite } from './surfrad.ts';

export type { ImportBody } from './body.ts';

/**
 * Turns a file into bodies of line protocol for `POST /api/v2/write`, each at most 4 MB. What the file is, its content says: gzip of any of
 * the others, a CSV `timestamp,value`, a SURFRAD day file, or line protocol. `name` is the file's base name; a CSV's series is called
 * after it. Values are the text of the file, so the doubles are the same. Rejects with TidemarkError 'import-refused' that names file, line
 * and column; bodies given before are sound.
 */
export async function* importFile(name: string, stream: Bytes): AsyncGenerator<ImportBody> {
  const { head, all } = await peek(stream);
  if (head[0] === 0x1f && head[1] === 0x8b) yield* importPlain(name, name.replace(/\.gz$/i, ''), gunzip(name, all));
  else yield* importPlain(name, name, all);
}

async function* importPlain(file: string, name: string, stream: Bytes): AsyncGenerator<ImportBody> {
  const { head, all } = await peek(stream);
  const lines = head.toString('utf8').split(/\r?\n/);
  if (isCsvHeader(lines[0] ?? '')) yield* importCsv(file, stemOf(name), all);
  else if (isSurfradSite(lines[1] ?? '')) yield* importSurfrad(file, all);
  else if (looksLikeLineProtocol(lines)) yield* importLineProtocol(file, all);
  else
    throw importError(
      file,
      1,
      1,
      'unknown format: expected line protocol, a CSV "timestamp,value" or a SURFRAD day file',
    );
}

const stemOf = (name: string): string => name.replace(/(?<=.)\.[^.]*$/, '');

/** The first line that says something has fields behind a space. */
function looksLikeLineProtocol(lines: readonly string[]): boolean {
  const first = lines.find((line) => line.trim() !== '' && !line.trimStart().startsWith('#'));
  return first !== undefined && /^\s*[^\s,][^\0]* [^\0]*=/.test(first);
}
