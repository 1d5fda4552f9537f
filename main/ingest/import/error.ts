import { TidemarkError } from '../../../shared/errors.ts';

/** A file that cannot be imported. `line` and `column` are 1-based, 0 when it is not about one place. */
export function importError(
  file: string,
  line: number,
  column: number,
  message: string,
  cause?: unknown,
): TidemarkError {
  const place = [file, ...[line, column].filter((n) => n > 0)].join(':');
  return new TidemarkError('import-refused', `${place}: ${message}`, {
    retry: 'never',
    blame: 'operator',
    action: 'correct the file; importing it again doubles nothing',
    cause,
  });
}
