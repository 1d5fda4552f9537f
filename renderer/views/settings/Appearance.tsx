import { type MantineColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react';
import { setTextSize, TEXT_SIZES, useTextSize } from '../../app/appearance.ts';
import { text } from '../../texts/en.ts';
import { Filter } from '../../ui/Filter.tsx';
import { Panel } from '../../ui/Panel.tsx';
import css from './SettingsView.module.css';

const words = text.settings;
const THEMES = [
  ['auto', IconDeviceDesktop],
  ['light', IconSun],
  ['dark', IconMoon],
] as const satisfies readonly [MantineColorScheme, unknown][];

/** Theme and text size; both hold at once, and for this browser only. */
export function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const size = useTextSize();
  return (
    <Panel title={words.appearance} aside={words.appearanceHint}>
      <div className={css.choice}>
        <h3>{words.theme}</h3>
        <Filter
          label={words.theme}
          value={colorScheme}
          onChange={setColorScheme}
          options={THEMES.map(([value, icon]) => ({ value, icon, label: words.themes[value] }))}
        />
      </div>
      <div className={css.choice}>
        <h3>{words.textSize}</h3>
        <Filter
          label={words.textSize}
          value={size}
          onChange={setTextSize}
          options={TEXT_SIZES.map((value) => ({ value, label: words.sizes[value] }))}
        />
      </div>
    </Panel>
  );
}
