import {
  type Icon,
  IconArrowBackUp,
  IconArrowForwardUp,
  IconChevronLeft,
  IconChevronRight,
  IconZoomIn,
  IconZoomOut,
  IconZoomReset,
} from '@tabler/icons-react';
import { PRESETS } from '../../charts/range.ts';
import type { Command } from '../../charts/steer.ts';
import { text } from '../../texts/en.ts';
import css from './Board.module.css';
import { Choice } from './Choice.tsx';
import type { HistoryControl } from './use-view.ts';

const words = text.history;

const TOOLS: readonly [Command, Icon][] = [
  ['earlier', IconChevronLeft],
  ['later', IconChevronRight],
  ['zoomOut', IconZoomOut],
  ['zoomIn', IconZoomIn],
  ['reset', IconZoomReset],
  ['back', IconArrowBackUp],
  ['forward', IconArrowForwardUp],
];

/** Every way to change the range with one tap. */
export function Toolbar({ control }: { control: HistoryControl }) {
  const { address } = control;
  return (
    <div className={`${css.row} ${css.steer}`}>
      <Choice
        label={words.presets}
        value={control.follows ? address.preset : undefined}
        marked={address.preset}
        options={PRESETS.map((value) => ({ value, label: words.preset[value] }))}
        onChange={(preset) => control.choose(preset)}
      />
      <span className={css.spring} />
      <div className={css.tools} role="toolbar" aria-label={words.tools}>
        {TOOLS.map(([command, Sign]) => (
          <button
            key={command}
            type="button"
            aria-label={words[command]}
            title={words[command]}
            aria-disabled={!control.can(command)}
            onClick={() => {
              if (control.can(command)) control.run(command);
            }}
          >
            <Sign aria-hidden />
          </button>
        ))}
      </div>
    </div>
  );
}
