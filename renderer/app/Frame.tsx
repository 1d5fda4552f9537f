import { type ComponentType, lazy, Suspense, useEffect, useRef } from 'react';
import { text } from '../texts/en.ts';
import { ErrorBoundary } from '../ui/ErrorBoundary.tsx';
import { Skeleton } from '../ui/Skeleton.tsx';
import { Banners } from './Banners.tsx';
import css from './Frame.module.css';
import { Connecting, NotSignedIn } from './Gate.tsx';
import { useGateway } from './gateway.ts';
import { Nav } from './Nav.tsx';
import { useRoute, type View } from './route.ts';
import { TopLine } from './TopLine.tsx';

/** One file per view, so that Status is there first. */
const FILES = {
  status: () => import('../views/status/StatusView.tsx').then((m) => ({ default: m.StatusView })),
  history: () => import('../views/history/HistoryView.tsx').then((m) => ({ default: m.HistoryView })),
  transfers: () => import('../views/transfers/TransfersView.tsx').then((m) => ({ default: m.TransfersView })),
  archive: () => import('../views/archive/ArchiveView.tsx').then((m) => ({ default: m.ArchiveView })),
  settings: () => import('../views/settings/SettingsView.tsx').then((m) => ({ default: m.SettingsView })),
  events: () => import('../views/events/EventsView.tsx').then((m) => ({ default: m.EventsView })),
};

const PAGES: Record<View, ComponentType> = {
  status: lazy(FILES.status),
  history: lazy(FILES.history),
  transfers: lazy(FILES.transfers),
  archive: lazy(FILES.archive),
  settings: lazy(FILES.settings),
  events: lazy(FILES.events),
};

const FETCH_REST_MS = 2_000;

/** The other views are fetched when the first one stands: they must open while the gateway is away, too. */
function useAllViews(): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      // A view that cannot be fetched says so when it is opened.
      for (const fetchView of Object.values(FILES)) void fetchView().catch(() => {});
    }, FETCH_REST_MS);
    return () => clearTimeout(timer);
  }, []);
}

/** Rail, top line, banners and the present view; before the first status, why there is none. */
export function Frame() {
  const phase = useGateway((state) => state.phase);
  const known = useGateway((state) => state.status !== undefined);
  if (phase === 'refused') return <NotSignedIn />;
  if (!known) return <Connecting />;
  return (
    <div className={css.frame}>
      <a className={css.skip} href="#content">
        {text.skip}
      </a>
      <TopLine />
      <Nav />
      <Content />
    </div>
  );
}

function Content() {
  const { view } = useRoute();
  const live = useGateway((state) => state.phase === 'live');
  const site = useGateway((state) => state.status?.site.name ?? '');
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(view);
  useEffect(() => {
    document.title = `${text.nav[view]} · ${site === '' ? text.product : site}`;
  }, [view, site]);
  useEffect(() => {
    if (shown.current === view) return;
    shown.current = view;
    // Where a screen reader and the keyboard go on after a change of view; the page starts at its top.
    window.scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, [view]);
  useAllViews();
  const Page = PAGES[view];
  return (
    <main className={css.content} id="content" tabIndex={-1}>
      <Banners />
      <h1 className="visually-hidden" ref={heading} tabIndex={-1}>
        {text.nav[view]}
      </h1>
      <ErrorBoundary key={view} onRetry={live ? () => location.reload() : undefined}>
        <div className={css.view}>
          <Suspense fallback={<Skeleton />}>
            <Page />
          </Suspense>
        </div>
      </ErrorBoundary>
    </main>
  );
}
