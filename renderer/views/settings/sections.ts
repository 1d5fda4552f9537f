import type { Setting } from '../../../shared/schemas.ts';

export interface Section {
  /** As in the file: `ingest.http`. */
  name: string;
  /** Keys without the section's name. */
  settings: Setting[];
}

/** Settings by the section of the file that holds them, in the order in which the gateway names them. */
export function sectionsOf(settings: readonly Setting[]): Section[] {
  const sections = new Map<string, Setting[]>();
  for (const setting of settings) {
    const dot = setting.key.lastIndexOf('.');
    const name = setting.key.slice(0, Math.max(0, dot));
    const found = sections.get(name) ?? [];
    found.push({ ...setting, key: setting.key.slice(dot + 1) });
    sections.set(name, found);
  }
  return Array.from(sections, ([name, list]) => ({ name, settings: list }));
}

/** The value of one setting by its whole key. */
export const settingValue = (settings: readonly Setting[], key: string): string | undefined =>
  settings.find((setting) => setting.key === key)?.value;
