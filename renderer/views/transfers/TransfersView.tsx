import { IconAlertTriangle } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Block, Status } from '../../../shared/schemas.ts';
import { useStatus } from '../../app/gateway.ts';
import { type Pages, usePages } from '../../app/pages.ts';
import { navigate, useRoute } from '../../app/route.ts';
import { text } from '../../texts/en.ts';
import { Filter } from '../../ui/Filter.tsx';
import { formatCount } from '../../ui/format.ts';
import { CallProblem } from '../../ui/Problem.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { BlockDialog } from './BlockDialog.tsx';
import { LOOK_ICONS } from './block-words.ts';
import { useRetry } from './retry.ts';
import css from './TransfersView.module.css';
import { VirtualBlocks } from './VirtualBlocks.tsx';

const words = text.transfers;
const STATES = ['planned', 'uploading', 'uploaded', 'verified', 'cold', 'quarantined'] as const;
type Shown = (typeof STATES)[number] | 'all' | 'attention';
const SHOWN: readonly Shown[] = ['all', 'attention', ...STATES];
const PAGE = 500;
const MOVING_MS = 2_000;
const QUIET_MS = 15_000;

/** Every block: what waits, what moves, what arrived, what needs a person. The filter is kept in the address. */
export function TransfersView() {
  const status = useStatus();
  const wanted = useRoute().params.get('state');
  const shown: Shown = SHOWN.find((state) => state === wanted) ?? 'all';
  const show = (state: Shown): void =>
    navigate('transfers', new URLSearchParams(state === 'all' ? {} : { state }), 'replace');
  const blocks = useBlocks(shown, status);
  const retry = useRetry();
  const [open, setOpen] = useState<string>();
  return (
    <div className={css.view}>
      <Filter
        label={words.filter}
        value={shown}
        onChange={show}
        options={[
          { value: 'all', label: words.all },
          { value: 'attention', label: words.attention, icon: IconAlertTriangle },
          ...STATES.map((state) => ({
            value: state,
            label: words.states[state],
            icon: LOOK_ICONS[state],
          })),
        ]}
      />
      {retry.error !== null && <CallProblem error={retry.error} />}
      <List blocks={blocks} shown={shown} archive={status?.site.archive ?? null} retry={retry} onOpen={setOpen} />
      <BlockDialog
        block={open === undefined ? undefined : blocks.items?.find((block) => block.id === open)}
        retry={retry}
        onClose={() => setOpen(undefined)}
      />
    </div>
  );
}

interface ListProps {
  blocks: Pages<Block>;
  shown: Shown;
  archive: string | null;
  retry: ReturnType<typeof useRetry>;
  onOpen(id: string): void;
}

function List({ blocks, shown, archive, retry, onOpen }: ListProps) {
  const { items, error, more, loadMore, refetch } = blocks;
  if (items === undefined) {
    return error === null ? <Skeleton rows={6} /> : <CallProblem error={error} onRetry={refetch} />;
  }
  if (items.length === 0) {
    const why =
      shown === 'attention'
        ? words.noneAttention
        : shown !== 'all'
          ? words.none
          : archive === null
            ? words.noArchive
            : words.noneYet;
    return <p className={css.empty}>{why}</p>;
  }
  return (
    <>
      <div className={css.sheet}>
        <VirtualBlocks blocks={items} retry={retry} onOpen={(block) => onOpen(block.id)} onEnd={loadMore} />
      </div>
      <p className={css.count} role="status">
        {blocks.loadingMore ? words.more : words.shown(formatCount(items.length), more)}
      </p>
    </>
  );
}

/** Read again soon while something moves, and at once when the queue changed. */
function useBlocks(shown: Shown, status: Status | undefined): Pages<Block> {
  const queries = useQueryClient();
  const moving = status !== undefined && (status.tiering.running || status.queue.uploading > 0);
  const { pending = 0, uploading = 0, quarantined = 0 } = status?.queue ?? {};
  const cold = status?.tiers.cold;
  const marks = `${pending}/${uploading}/${quarantined}/${cold?.blocks ?? 0}/${cold?.damaged ?? 0}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the figures are the reason to read again
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ['blocks'] });
  }, [marks, queries]);
  return usePages<Block, string>(
    ['blocks', 'list', shown],
    async (client, after, signal) => {
      const state = shown === 'all' ? {} : shown === 'attention' ? { attention: '1' as const } : { state: shown };
      const page = await client.blocks(
        { ...state, ...(after === undefined ? {} : { after }), limit: PAGE },
        { signal },
      );
      return { items: page.blocks, next: page.next };
    },
    moving ? MOVING_MS : QUIET_MS,
  );
}
