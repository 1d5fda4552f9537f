import { useStatus } from '../../app/gateway.ts';
import { useGatewayQuery } from '../../app/query.ts';
import { text } from '../../texts/en.ts';
import { Fact, Facts } from '../../ui/Facts.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { CallProblem } from '../../ui/Problem.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { Appearance } from './Appearance.tsx';
import { Effective } from './Effective.tsx';
import { Moving } from './Moving.tsx';
import css from './SettingsView.module.css';

const words = text.settings;

/** How this screen looks, what the gateway is, and every setting in effect. Settings are changed in the file. */
export function SettingsView() {
  const site = useStatus()?.site;
  const settings = useGatewayQuery(['settings'], (client, signal) => client.settings(undefined, { signal }));
  return (
    <div className={css.view}>
      <Appearance />
      {site !== undefined && (
        <Panel title={words.site}>
          <Facts>
            <Fact name={words.name}>{site.name}</Fact>
            <Fact name={words.archive} code={site.archive !== null}>
              {site.archive ?? words.noArchive}
            </Fact>
            <Fact name={words.zone}>{site.zone}</Fact>
            <Fact name={words.version}>{site.version}</Fact>
          </Facts>
        </Panel>
      )}
      {settings.data !== undefined ? (
        <>
          <div className={css.wide}>
            <Moving settings={settings.data.settings} />
          </div>
          <div className={css.wide}>
            <Effective {...settings.data} />
          </div>
        </>
      ) : settings.error === null ? (
        <Skeleton rows={5} />
      ) : (
        <CallProblem error={settings.error} onRetry={() => void settings.refetch()} />
      )}
    </div>
  );
}
