import type { Setting } from '../../../shared/schemas.ts';
import { text } from '../../texts/en.ts';
import { Fact, Facts } from '../../ui/Facts.tsx';
import { LongName } from '../../ui/LongName.tsx';
import { Panel } from '../../ui/Panel.tsx';
import css from './SettingsView.module.css';
import { sectionsOf } from './sections.ts';

const words = text.settings;

/** Every setting in effect, as the sections of the file, with where it comes from. */
export function Effective({ settings, files }: { settings: readonly Setting[]; files: readonly string[] }) {
  return (
    <Panel title={words.effective}>
      <div className={css.how}>
        <p>{words.change}</p>
        <p className={css.quiet}>{words.changeHow}</p>
        <Facts>
          <Fact name={words.files} code={files.length > 0}>
            {files.length === 0 ? words.noFiles : files.join('\n')}
          </Fact>
        </Facts>
      </div>
      <div className={css.sections}>
        {sectionsOf(settings).map((section) => (
          <section key={section.name} className={css.section}>
            <h3>
              {sectionName(section.name)} <code>[{section.name}]</code>
            </h3>
            <ul>
              {section.settings.map((setting) => (
                <li key={setting.key} className={css.setting} data-testid={`${section.name}.${setting.key}`}>
                  <code className={css.key}>
                    <LongName>{setting.key}</LongName>
                  </code>
                  <span className={css.value}>{setting.value}</span>
                  <span className={css.source} data-default={setting.source === 'default'}>
                    {words.sources[setting.source]}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Panel>
  );
}

function sectionName(name: string): string {
  const names: Record<string, string> = words.sections;
  return names[name] ?? name;
}
