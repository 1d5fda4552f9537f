import { createHash, timingSafeEqual } from 'node:crypto';

/** Where a client may put its token: `Authorization: Token X`, `Bearer X` or `Basic` with X as password, or `p=X` of a v1 query. */
export interface Credentials {
  authorization: string | undefined;
  p: unknown;
}

const digest = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Checks a request's token against all tokens in constant time. Without any token everybody may write. */
export function createAuth(tokens: readonly string[]): (credentials: Credentials) => boolean {
  const digests = tokens.map(digest);
  return (credentials) => {
    if (digests.length === 0) return true;
    const token = tokenOf(credentials);
    if (token === undefined) return false;
    const given = digest(token);
    let known = false;
    for (const expected of digests) known = timingSafeEqual(expected, given) || known;
    return known;
  };
}

function tokenOf({ authorization, p }: Credentials): string | undefined {
  const [, scheme, value] = /^(Token|Bearer|Basic) +(.+)$/i.exec(authorization ?? '') ?? [];
  if (scheme === undefined || value === undefined) return typeof p === 'string' ? p : undefined;
  if (scheme.toLowerCase() !== 'basic') return value.trim();
  const pair = Buffer.from(value, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}
