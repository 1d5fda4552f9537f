import { useEffect, useRef, useState } from 'react';
import type { Status } from '../../../shared/schemas.ts';
import { text } from '../../texts/en.ts';
import { formatBytes } from '../../ui/format.ts';

interface Before {
  run: number | null;
  blocks: number;
  bytes: number;
}

/**
 * What the last asked-for run did, once it is done; undefined when none was seen by this page. `begin` is called when it is asked for here: a
 * small run is over before a status says that it was asked for.
 */
export function useOutcome({ tiering, tiers }: Status): { outcome: string | undefined; begin: () => void } {
  const before = useRef<Before>(undefined);
  const [outcome, setOutcome] = useState<string>();
  const { requested, last_run_us: run } = tiering;
  const { blocks, bytes } = tiers.cold;
  const begin = (): void => {
    before.current = { run, blocks, bytes };
    setOutcome(undefined);
  };
  useEffect(() => {
    if (requested) before.current ??= { run, blocks, bytes };
    const from = before.current;
    if (requested || from === undefined || from.run === run) return;
    before.current = undefined;
    const moved = blocks - from.blocks;
    setOutcome(moved > 0 ? text.move.did(moved, formatBytes(bytes - from.bytes)) : text.move.didNothing);
  }, [requested, run, blocks, bytes]);
  return { outcome, begin };
}
