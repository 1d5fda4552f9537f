/** The token of `#t=TOKEN`, as the printed address carries it. */
export function tokenOf(hash: string): string | undefined {
  const token = new URLSearchParams(hash.replace(/^#/, '')).get('t');
  return token === null || token === '' ? undefined : token;
}

/**
 * Trades the token of the address for a session cookie and clears it from the address bar. A refused token is dropped, too: an older session
 * may still hold. Rejects when the gateway does not answer; the token is kept for the next try.
 */
export async function tradeToken(signal: AbortSignal): Promise<void> {
  const token = tokenOf(location.hash);
  if (token === undefined) return;
  const answer = await fetch('/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
    signal,
  });
  if (answer.status >= 500) throw new Error(`the gateway answered ${answer.status}`);
  history.replaceState(history.state, '', location.pathname + location.search);
}
