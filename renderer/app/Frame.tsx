import { lazy, Suspense, useEffect, useRef } from 'react';
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

const PAGES: Record<View, React.ComponentType> = {
  status: lazy(() => import('../views/status/StatusView.tsx').then((m) => ({ default: m.StatusView }))),
  history: lazy(() => import('../views/history/HistoryView.tsx').then((m) => ({ default: m.HistoryView }))),
  transfers: lazy(() => import('../views/transfers/TransfersView.tsx').then((m) => ({ default: m.TransfersView }))),
  archive: lazy(() => import('../views/archive/ArchiveView.tsx').then((m) => ({ default: m.ArchiveView }))),
  settings: lazy(() => import('../views/settings/SettingsView.tsx').then((m) => ({ default: m.SettingsView }))),
  events: lazy(() => import('../views/events/EventsView.tsx').then((m) => ({ default: m.EventsView }))),
};

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
  const Page = PAGES[view];
  return (
    <main className={css.content} id="content" tabIndex={-1}>
      <Banners />
      <h1 className="visually-hidden" ref={heading} tabIndex={-1}>
        {text.nav[view]}
      </h1>
      <ErrorBoundary key={view}>
        <div className={css.view}>
          <Suspense fallback={<Skeleton />}>
            <Page />
          </Suspense>
        </div>
      </ErrorBoundary>
    </main>
  );
}
