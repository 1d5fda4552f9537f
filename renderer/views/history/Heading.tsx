import { Button } from '@mantine/core';
import { IconChartLine, IconLayoutList, IconListSearch, IconStack2, IconTable } from '@tabler/icons-react';
import { useState } from 'react';
import { text } from '../../texts/en.ts';
import css from './Board.module.css';
import { Choice } from './Choice.tsx';
import { PickerDialog } from './PickerDialog.tsx';
import type { HistoryControl } from './use-view.ts';

const words = text.history;

/** Which series, and how they are shown. */
export function Heading({ control, stacked }: { control: HistoryControl; stacked: boolean }) {
  const { address, change } = control;
  const [picking, setPicking] = useState(false);
  return (
    <div className={css.row}>
      <Button variant="filled" leftSection={<IconListSearch aria-hidden />} onClick={() => setPicking(true)}>
        {words.pick}
      </Button>
      <span className={css.quiet}>{words.chosen(address.series.length)}</span>
      <span className={css.spring} />
      {address.series.length > 1 && !address.table && (
        <Choice
          label={words.layout}
          value={stacked ? 'stacked' : 'one'}
          options={[
            { value: 'one', label: words.one, icon: IconStack2 },
            { value: 'stacked', label: words.stacked, icon: IconLayoutList },
          ]}
          onChange={(layout) => change({ layout })}
        />
      )}
      <Choice
        label={words.show}
        value={address.table ? 'table' : 'chart'}
        options={[
          { value: 'chart', label: words.chart, icon: IconChartLine },
          { value: 'table', label: words.table, icon: IconTable },
        ]}
        onChange={(show) => change({ table: show === 'table' })}
      />
      {picking && (
        <PickerDialog
          chosen={address.series}
          onChange={(series) => change({ series })}
          onClose={() => setPicking(false)}
        />
      )}
    </div>
  );
}
