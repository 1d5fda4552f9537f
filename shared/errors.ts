/** When trying again can help: `now` at once, `later` by itself after a while, `never` only after somebody changed something. */
export type RetryClass = 'now' | 'later' | 'never';
/** Whose fault it is, so that the screen can say who has to act. */
export type Blame = 'client' | 'operator' | 'network' | 'archive' | 'gateway';

/**
 * An error with a class. Retry logic and screens read only `retry`, `blame` and `code`; people read `message` (what was wrong)
 * and `action` (what to do). No secret may be put into any of them.
 */
export class TidemarkError extends Error {
  readonly code: string;
  readonly retry: RetryClass;
  readonly blame: Blame;
  readonly action: string;

  constructor(code: string, message: string, o: { retry: RetryClass; blame: Blame; action?: string; cause?: unknown }) {
    super(message, o.cause === undefined ? undefined : { cause: o.cause });
    this.name = 'TidemarkError';
    this.code = code;
    this.retry = o.retry;
    this.blame = o.blame;
    this.action = o.action ?? '';
  }
}

/** The text of anything thrown, for logs and messages. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** What Node, SQLite or we ourselves call an error, as 'ENOENT' or 'SQLITE_FULL'; '' for anything without a code. */
export function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
}
