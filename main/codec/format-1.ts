import { formatSeriesKey } from '../../shared/series-key.ts';
import { type DirectoryColumns, fromColumns, parseMessage } from './directory.ts';
import { damagedBlock, unknownFormat } from './errors.ts';
import { tidemark } from './proto/block.js';
import type { BlockIndex, BlockSeries, SeqRange } from './types.ts';

const INDEX_VERSION = 1;

/** The index of a block of format 1, which is read but no longer written; throws 'damaged-block' or 'unknown-format'. */
export function decodeIndex1(bytes: Uint8Array): BlockIndex {
  const index = parseMessage('index', bytes, (plain) => tidemark.v1.Index.decode(plain));
  if (index.version !== INDEX_VERSION) {
    throw unknownFormat(`the block's index has version ${index.version}, known is ${INDEX_VERSION}`);
  }
  return {
    series: (index.series ?? []).map(readSeries),
    segments: (index.segments ?? []).map(readSegment),
    chunks: fromColumns((index.directory ?? {}) as DirectoryColumns),
    rollups: [],
  };
}

function readSeries(entry: tidemark.v1.SeriesEntry.$Properties): BlockSeries {
  const names = entry.tagName ?? [];
  const values = entry.tagValue ?? [];
  if (names.length !== values.length) throw damagedBlock('a series has tag names without values');
  const tags = names.map((name, i): [string, string] => [name, values[i] as string]);
  const key = formatSeriesKey({ measurement: entry.measurement ?? '', field: entry.field ?? '', tags });
  return { key, unit: entry.unit ?? '' };
}

function readSegment(entry: tidemark.v1.SegmentEntry.$Properties): SeqRange {
  return { epoch: entry.epoch ?? 0, seqLo: entry.seqLo ?? 0, seqHi: entry.seqHi ?? 0 };
}
