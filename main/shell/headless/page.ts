import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where `npm run build:renderer` puts the page. */
export const PAGE_FOLDER = join(import.meta.dirname, '..', '..', '..', 'dist', 'renderer');

export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** index.html with a fresh nonce for styles; the shell's name tells the page how to reach us. Throws when the page was not built. */
export function renderPage(folder: string, shell: 'electron' | 'headless'): { html: string; policy: string } {
  const nonce = randomBytes(16).toString('base64');
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
    .replace('<html', `<html data-shell="${shell}"`)
    .replace('<head>', `<head><meta name="csp-nonce" content="${nonce}" nonce="${nonce}">`);
  return { html, policy: contentSecurityPolicy(nonce) };
}
