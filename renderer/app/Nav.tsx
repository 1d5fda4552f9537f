import {
  IconActivity,
  IconArchive,
  IconArrowsExchange2,
  IconChartLine,
  IconListDetails,
  IconSettings,
} from '@tabler/icons-react';
import type { MouseEvent } from 'react';
import { text } from '../texts/en.ts';
import css from './Nav.module.css';
import { formatRoute, navigate, useRoute, VIEWS, type View } from './route.ts';

const ICONS: Record<View, typeof IconActivity> = {
  status: IconActivity,
  history: IconChartLine,
  transfers: IconArrowsExchange2,
  archive: IconArchive,
  settings: IconSettings,
  events: IconListDetails,
};

/** Left rail, or bottom bar on narrow screens. Real links: they can be opened in another tab. */
export function Nav() {
  const { view } = useRoute();
  const go = (event: MouseEvent, target: View): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    navigate(target);
  };
  return (
    <nav className={css.nav} aria-label={text.nav.label}>
      <ul className={css.list}>
        {VIEWS.map((target) => {
          const Icon = ICONS[target];
          return (
            <li key={target}>
              <a
                className={css.link}
                href={formatRoute({ view: target, params: new URLSearchParams() })}
                aria-current={target === view ? 'page' : undefined}
                onClick={(event) => go(event, target)}
              >
                <Icon className={css.icon} stroke={1.6} aria-hidden />
                <span>{text.nav[target]}</span>
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
