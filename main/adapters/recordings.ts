import { createReadStream } from 'node:fs';
import { join } from 'node:path';

/** Real recordings that ship with the product; their terms stand in the folder's README. */
const FOLDER = join(import.meta.dirname, '..', '..', 'assets', 'recordings');

export function openRecording(file: string): AsyncIterable<Buffer> {
  return createReadStream(join(FOLDER, file));
}
