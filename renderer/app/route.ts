import { useSyncExternalStore } from 'react';

export const VIEWS = ['status', 'history', 'transfers', 'archive', 'settings', 'events'] as const;
export type View = (typeof VIEWS)[number];

/** Where the page is. Only the query of the address is used, so that it works under any path and under app://. */
export interface Route {
  view: View;
  /** The view's own parameters (without `view`). */
  params: URLSearchParams;
}

export function parseRoute(search: string): Route {
  const params = new URLSearchParams(search);
  const wanted = params.get('view');
  params.delete('view');
  return { view: VIEWS.find((view) => view === wanted) ?? 'status', params };
}

/** The query of a route, `?` alone for Status without parameters. */
export function formatRoute({ view, params }: Route): string {
  const all = new URLSearchParams(params);
  if (view !== 'status') all.set('view', view);
  return `?${all}`;
}

const CHANGED = 'tidemark:route';
let parsed: { search: string; route: Route } | undefined;

function current(): Route {
  if (parsed?.search !== location.search) parsed = { search: location.search, route: parseRoute(location.search) };
  return parsed.route;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  window.addEventListener(CHANGED, listener);
  return () => {
    window.removeEventListener('popstate', listener);
    window.removeEventListener(CHANGED, listener);
  };
}

export const useRoute = (): Route => useSyncExternalStore(subscribe, current);

/** Goes to a view as a new entry of the browser's history; `replace` changes the address in place. */
export function navigate(
  view: View,
  params: URLSearchParams = new URLSearchParams(),
  how: 'push' | 'replace' = 'push',
): void {
  const address = formatRoute({ view, params });
  if (how === 'push') history.pushState(null, '', address);
  else history.replaceState(null, '', address);
  window.dispatchEvent(new Event(CHANGED));
}
