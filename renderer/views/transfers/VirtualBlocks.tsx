import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Block } from '../../../shared/schemas.ts';
import { text } from '../../texts/en.ts';
import { BlockRow } from './BlockRow.tsx';
import { BlockTable } from './BlockTable.tsx';
import type { Retry } from './retry.ts';

interface VirtualBlocksProps {
  blocks: readonly Block[];
  retry: Retry;
  onOpen(block: Block): void;
  /** Called when the end comes near. */
  onEnd(): void;
}

/** Rows before the end at which the next page is asked for. */
const AHEAD = 100;
const ROW = 76;

/** Only the rows in sight are in the page; the page itself scrolls. */
export function VirtualBlocks({ blocks, retry, onOpen, onEnd }: VirtualBlocksProps) {
  const list = useRef<HTMLTableSectionElement>(null);
  const [top, setTop] = useState(0);
  // Banners and filters above come and go.
  useLayoutEffect(() => {
    const rect = list.current?.getBoundingClientRect();
    if (rect !== undefined) setTop(Math.round(rect.top + window.scrollY));
  });
  const virtual = useWindowVirtualizer({
    count: blocks.length,
    estimateSize: () => ROW,
    overscan: 10,
    scrollMargin: top,
    getItemKey: (index) => blocks[index]?.id ?? index,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const near = last >= blocks.length - AHEAD;
  useEffect(() => {
    if (near) onEnd();
  }, [near, onEnd]);
  return (
    <BlockTable label={text.transfers.list} count={blocks.length}>
      <tbody ref={list} style={{ position: 'relative', height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const block = blocks[item.index];
          if (block === undefined) return null;
          return (
            <BlockRow
              key={item.key}
              block={block}
              index={item.index}
              retry={retry}
              onOpen={onOpen}
              measure={virtual.measureElement}
              top={item.start - top}
            />
          );
        })}
      </tbody>
    </BlockTable>
  );
}
