import { useEffect, useRef, useState } from 'react';
import type { Status } from '../../../shared/schemas.ts';
import { text } from '../../texts/en.ts';
import { formatBytes } from '../../ui/format.ts';

/** What the last asked-for run did, once it is done; undefined when none was seen by this page. */
export function useOutcome({ tiering, tiers }: Status): string | undefined {
  const before = useRef<Status['tiers']['cold']>(undefined);
  const [outcome, setOutcome] = useState<string>();
  const { cold } = tiers;
  useEffect(() => {
    if (tiering.requested) {
      before.current ??= cold;
      setOutcome(undefined);
      return;
    }
    if (before.current === undefined) return;
    const blocks = cold.blocks - before.current.blocks;
    const bytes = cold.bytes - before.current.bytes;
    before.current = undefined;
    setOutcome(blocks > 0 ? text.move.did(blocks, formatBytes(bytes)) : text.move.didNothing);
  }, [tiering.requested, cold]);
  return outcome;
}
