import { readFile } from 'node:fs/promises';
import { protocol } from 'electron';
import { PAGE_FOLDER, renderPage } from '../headless/page.ts';
import { isPage, pageFile, SCHEME } from './address.ts';

const NO_SNIFFING = { 'x-content-type-options': 'nosniff' };

async function answer({ method, url }: { method: string; url: string }): Promise<Response> {
  if (method !== 'GET') return new Response(null, { status: 405 });
  if (isPage(url)) {
    const { html, policy } = renderPage(PAGE_FOLDER, 'electron');
    const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy };
    return new Response(html, { headers: { ...headers, ...NO_SNIFFING } });
  }
  const found = pageFile(PAGE_FOLDER, url);
  const bytes = found === undefined ? undefined : await readFile(found.file).catch(() => undefined);
  if (found === undefined || bytes === undefined)
    return new Response('there is nothing at this address', { status: 404 });
  return new Response(new Uint8Array(bytes), { headers: { 'content-type': found.type, ...NO_SNIFFING } });
}

/** Before the app is ready: the page's scheme has an origin of its own and counts as secure. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Once the app is ready: serves the page, and nothing else of the disk. */
export function servePage(): void {
  protocol.handle(SCHEME, answer);
}
