import { TidemarkError } from '../../shared/errors.ts';

/** The bytes of a frame are not what was written. `what` says which and what is wrong with it. */
export function damagedFrame(what: string, cause?: unknown): TidemarkError {
  return new TidemarkError('damaged-frame', `damaged frame: ${what}`, {
    retry: 'never',
    blame: 'gateway',
    action: 'Read the same data from another copy: the bucket has what was tiered.',
    cause,
  });
}

/** A directory, index or trailer is not what was written. */
export function damagedBlock(what: string, cause?: unknown): TidemarkError {
  return new TidemarkError('damaged-block', `damaged block: ${what}`, {
    retry: 'never',
    blame: 'archive',
    action: 'Compare the object with its source; restore it from a copy of the bucket.',
    cause,
  });
}

export function unknownEncoding(kind: number, encoding: number): TidemarkError {
  return new TidemarkError('unknown-encoding', `frame kind ${kind} has the unknown encoding ${encoding}`, {
    retry: 'never',
    blame: 'operator',
    action: 'The data was written by a newer Tidemark: update this one.',
  });
}

export function unknownFormat(what: string): TidemarkError {
  return new TidemarkError('unknown-format', what, {
    retry: 'never',
    blame: 'operator',
    action: 'The data was written by a newer Tidemark: update this one.',
  });
}
