import { text } from '../../texts/en.ts';
import { Panel } from '../../ui/Panel.tsx';
import { Board } from './Board.tsx';
import { SeriesPicker } from './SeriesPicker.tsx';
import { useView } from './use-view.ts';

/** What sensors did, over all tiers. The address of the page keeps what is shown. */
export function HistoryView() {
  const control = useView();
  if (control.address.series.length > 0) return <Board control={control} />;
  return (
    <Panel title={text.history.emptyTitle} aside={text.history.emptyText}>
      <SeriesPicker chosen={[]} onChange={(series) => control.change({ series })} />
    </Panel>
  );
}
