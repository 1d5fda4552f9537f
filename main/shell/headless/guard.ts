import { isIP } from 'node:net';

/** What of a request decides whether a browser may talk to us: another local port counts as same-site, so cookies alone prove nothing. */
export interface RequestHeaders {
  host?: string | undefined;
  origin?: string | undefined;
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** Host of a Host header without its port, lower case; brackets of IPv6 kept. */
function nameOf(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '');
}

/**
 * DNS rebinding guard: the Host name must be a loopback one, one of `[ui] hosts`, or the very address we listen on. Ports are not looked at
 * (SSH tunnels change them).
 */
export function hostAllowed(host: string | undefined, hosts: readonly string[], listenHost: string): boolean {
  if (host === undefined || host === '') return false;
  const name = nameOf(host);
  const own = isIP(listenHost) === 6 ? `[${listenHost}]` : listenHost;
  return (
    LOOPBACK.includes(name) || name === own.toLowerCase() || hosts.some((allowed) => allowed.toLowerCase() === name)
  );
}

/** True when Origin's host:port is exactly Host. Browsers send Origin on every WebSocket and on every POST. */
export function originMatches(headers: RequestHeaders): boolean {
  if (headers.origin === undefined || headers.host === undefined || !URL.canParse(headers.origin)) return false;
  const origin = new URL(headers.origin);
  const standard = origin.protocol === 'https:' ? ':443' : ':80';
  const full = (host: string): string => (/:\d+$/.test(host) ? host : host + standard).toLowerCase();
  return ['http:', 'https:'].includes(origin.protocol) && full(origin.host) === full(headers.host);
}
