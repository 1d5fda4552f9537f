import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const MOST_SESSIONS = 100;
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Compares secrets in constant time, whatever their lengths. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

/**
 * Browser sessions: random ids, of which only hashes are kept, so that a copied store opens no screen. They survive restarts (a kiosk must not
 * be logged out by a power cut); of more than 100 the oldest goes.
 */
export interface Sessions {
  /** A new session's id for the cookie. */
  open(): Promise<string>;
  known(id: string | undefined): boolean;
}

export function createSessions(saved: string | undefined, save: (json: string) => Promise<void>): Sessions {
  let hashes = parseSaved(saved);
  return {
    async open() {
      const id = randomBytes(24).toString('base64url');
      hashes = [...hashes, hash(id)].slice(-MOST_SESSIONS);
      await save(JSON.stringify(hashes));
      return id;
    },
    known: (id) => id !== undefined && hashes.includes(hash(id)),
  };
}

function parseSaved(saved: string | undefined): string[] {
  if (saved === undefined) return [];
  try {
    const list: unknown = JSON.parse(saved);
    return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : [];
  } catch {
    return [];
  }
}

/** Value of one cookie of a Cookie header. */
export function cookieValue(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name) return value;
  }
  return undefined;
}
