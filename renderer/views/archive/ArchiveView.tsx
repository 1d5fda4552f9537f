import { text } from '../../texts/en.ts';
import { Panel } from '../../ui/Panel.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';

/** The Archive view. The frame already shows its name as the page's h1; sections begin with h2. */
export function ArchiveView() {
  return (
    <Panel title={text.nav.archive}>
      <Skeleton />
    </Panel>
  );
}
