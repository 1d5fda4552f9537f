import { Button } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import type { Preview, Setting } from '../../../shared/schemas.ts';
import { useGatewayQuery } from '../../app/query.ts';
import { navigate } from '../../app/route.ts';
import { text } from '../../texts/en.ts';
import { Fact, Facts } from '../../ui/Facts.tsx';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { Panel } from '../../ui/Panel.tsx';
import css from './SettingsView.module.css';
import { settingValue } from './sections.ts';

const words = text.settings;
const REFRESH_MS = 30_000;

/** The policy in two lines, and what it would do now. */
export function Moving({ settings }: { settings: readonly Setting[] }) {
  const preview = useGatewayQuery(['preview'], (client, signal) => client.preview(undefined, { signal }), {
    everyMs: REFRESH_MS,
  });
  const age = settingValue(settings, 'tiering.max_age_days');
  const limit = settingValue(settings, 'tiering.max_local_size_gb');
  return (
    <Panel title={words.moving}>
      <Facts>
        <Fact name={words.age}>{age === undefined ? text.nothing : words.ageDays(age)}</Fact>
        <Fact name={words.limit}>{limit === undefined ? text.nothing : words.limitGb(limit)}</Fact>
        <Fact name={words.interval}>{settingValue(settings, 'tiering.interval') ?? text.nothing}</Fact>
        <Fact name={words.would}>
          <span className={css.would} data-testid="would">
            {preview.data === undefined ? (preview.error?.message ?? `${text.loading} …`) : wouldMove(preview.data)}
          </span>
        </Fact>
      </Facts>
      {preview.data?.nothing === null && (
        <Button className={css.go} rightSection={<IconChevronRight aria-hidden />} onClick={() => navigate('status')}>
          {words.toStatus}
        </Button>
      )}
    </Panel>
  );
}

function wouldMove({ days, bytes, readings, nothing }: Preview): string {
  return nothing ?? words.wouldMove(words.ageDays(formatCount(days)), formatBytes(bytes), formatCount(readings));
}
