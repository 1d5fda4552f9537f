import { text } from '../../texts/en.ts';
import { KINDS } from './calendar.ts';
import { KIND_ICONS } from './kinds.ts';
import css from './Legend.module.css';
import month from './Month.module.css';

const words = text.archive;

/** What the squares say, in the order from here to there. */
export function Legend() {
  return (
    <ul className={css.legend} aria-label={words.legend}>
      {KINDS.map((kind) => {
        const Icon = KIND_ICONS[kind];
        return (
          <li key={kind} className={css.item}>
            <span className={`${month.day} ${css.swatch}`} data-kind={kind} aria-hidden>
              <Icon stroke={1.7} />
            </span>
            <span>
              {words.kinds[kind]}
              <small>{words.kindsWhy[kind]}</small>
            </span>
          </li>
        );
      })}
    </ul>
  );
}
