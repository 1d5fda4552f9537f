import { extname, join, sep } from 'node:path';

export const SCHEME = 'app';
/** Where the page lives inside the window: nothing on the network has this origin. */
export const PAGE_ORIGIN = `${SCHEME}://tidemark`;

const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** URL.origin is "null" for schemes that Node does not know. */
export function originOf(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

/** The page itself; its views are told apart behind the `?`. */
export function isPage(url: string): boolean {
  return originOf(url) === PAGE_ORIGIN && new URL(url).pathname === '/';
}

/** The file in the page's folder that an address names and its type; undefined when it names none that may be served. */
export function pageFile(folder: string, url: string): { file: string; type: string } | undefined {
  if (originOf(url) !== PAGE_ORIGIN) return undefined;
  const name = decoded(new URL(url).pathname);
  if (name === undefined || name.includes('\0') || name.split(/[/\\]/).some((part) => part.startsWith('.')))
    return undefined;
  const file = join(folder, name);
  const type = TYPES[extname(file)];
  return type !== undefined && file.startsWith(folder + sep) ? { file, type } : undefined;
}

function decoded(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
}
