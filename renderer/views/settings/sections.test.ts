import { expect, it } from 'vitest';
import type { Setting } from '../../../shared/schemas.ts';
import { sectionsOf, settingValue } from './sections.ts';

const setting = (key: string, value = 'x'): Setting => ({ key, value, source: 'default' });

it('UI5 settings stand under the section of the file that holds them, also a nested one', () => {
  const settings = ['gateway.id', 'ingest.commit_linger_ms', 'ingest.http.listen', 'gateway.data_dir'].map((key) =>
    setting(key),
  );
  expect(sectionsOf(settings).map(({ name, settings: of }) => [name, of.map((s) => s.key)])).toEqual([
    ['gateway', ['id', 'data_dir']],
    ['ingest', ['commit_linger_ms']],
    ['ingest.http', ['listen']],
  ]);
});

it('UI5 a setting is found by its whole key', () => {
  expect(settingValue([setting('ui.listen', 'a'), setting('ingest.http.listen', 'b')], 'ingest.http.listen')).toBe('b');
  expect(settingValue([], 'ui.listen')).toBeUndefined();
});
