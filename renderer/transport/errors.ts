/** A failed call, told so that a person can act: what happened and what to do. `gone` means that the gateway did not answer at all. */
export class CallError extends Error {
  readonly code: string;
  readonly action: string;

  constructor(code: string, message: string, action: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'CallError';
    this.code = code;
    this.action = action;
  }
}

export const gone = (message: string, cause?: unknown): CallError => new CallError('gone', message, '', cause);

function textOf(value: unknown, key: string): string {
  if (typeof value !== 'object' || value === null) return '';
  const found: unknown = Reflect.get(value, key);
  return typeof found === 'string' ? found : '';
}

/** Errors of the contract keep their code, message and action; anything else that ends a call means that the connection broke. */
export function toCallError(thrown: unknown): CallError {
  if (thrown instanceof CallError) return thrown;
  const code = textOf(thrown, 'code');
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (code === '' || (thrown instanceof DOMException && thrown.name === 'AbortError')) return gone(message, thrown);
  return new CallError(
    code,
    message,
    textOf(thrown instanceof Error ? Reflect.get(thrown, 'data') : undefined, 'action'),
  );
}
