import { text } from '../../texts/en.ts';
import { Panel } from '../../ui/Panel.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';

/** The Status view. The frame already shows its name as the page's h1; sections begin with h2. */
export function StatusView() {
  return (
    <Panel title={text.nav.status}>
      <Skeleton />
    </Panel>
  );
}
