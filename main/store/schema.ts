import type Database from 'better-sqlite3';
import { TidemarkError } from '../../shared/errors.ts';

/**
 * Numbered migrations, each run in one transaction; `user_version` counts them. Times are microseconds, sizes bytes. Once released a migration
 * never changes: a later one does.
 */
const MIGRATIONS: readonly string[] = [
  `
  create table meta (name text primary key, value text not null) strict, without rowid;
  -- Series that arrive together: same measurement and tags.
  create table source (id integer primary key, key text not null unique) strict;
  create table series (
    id integer primary key, source_id integer not null references source, key text not null unique,
    measurement text not null, field text not null, tags text not null, unit text not null,
    last_t integer, last_v blob
  ) strict;
  -- Write-ahead log of the head: one compact batch a row (journal-body.ts). AUTOINCREMENT: a seq is never used twice.
  create table journal (seq integer primary key autoincrement, received_us integer not null, readings integer not null, body blob not null) strict;
  -- Unreadable journal rows, set aside at start-up for the support desk.
  create table journal_damaged (seq integer primary key, received_us integer not null, readings integer not null, body blob not null) strict;
  -- Immutable bundles of chunks within one UTC day. state: 0 open (compaction may replace it), 1 frozen (waits for, or belongs to, a block),
  -- 2 damaged (set aside: only tells what is lost), 3 rotten (frozen, went bad before it was planned; rewritten alone, then frozen again).
  create table segment (
    id integer primary key, day integer not null, state integer not null, final integer not null,
    block_id text references block, block_offset integer,
    epoch integer not null, seq_lo integer not null, seq_hi integer not null, series_lo integer not null, series_hi integer not null,
    t_min integer not null, t_max integer not null, readings integer not null, bytes integer not null, received_us integer not null,
    directory blob not null
  ) strict;
  create index segment_by_day on segment (day, series_lo);
  -- All that the figures of Status and of the days need: directories are never read for them.
  create index segment_figures on segment (day, block_id, state, final, readings, bytes, received_us, t_min, t_max);
  create index segment_damaged on segment (id) where state = 2;
  create index segment_by_block on segment (block_id, block_offset) where block_id is not null;
  create table segment_body (id integer primary key references segment, body blob not null) strict;
  -- The manifest: one row per block; no row per cold chunk.
  create table block (
    id text primary key, key text not null unique, store_id text not null, day integer not null, t_min integer not null, t_max integer not null,
    readings integer not null, series integer not null, segments integer not null, bytes integer not null, index_offset integer not null,
    part_bytes integer not null, parts integer not null, sha256 text not null, format_version integer not null, state text not null,
    upload_id text, etag text, attempts integer not null default 0, next_attempt_us integer not null default 0,
    error_code text, error_message text, error_at_us integer, verify text,
    planned_us integer not null, uploaded_us integer, verified_us integer, cold_us integer, damaged integer not null default 0
  ) strict;
  create index block_by_state on block (state, day);
  create index block_by_day on block (day);
  -- The frozen end of the object: encoded index and trailer.
  create table block_tail (block_id text primary key references block, tail blob not null) strict;
  create table part (
    block_id text not null references block, part_number integer not null, offset integer not null, length integer not null,
    sha256 blob not null, md5 blob not null, etag text, verified integer not null default 0, primary key (block_id, part_number)
  ) strict, without rowid;
  create table event (id integer primary key autoincrement, at_us integer not null, code text not null, level text not null, text text not null, detail text not null) strict;
  `,
  `
  -- What the gateway keeps of a block for good, its full index, apart from what only its upload needs, the end of its object. In format 1 the end was the
  -- index and 44 bytes of trailer.
  create table block_index (block_id text primary key references block, body blob not null) strict;
  insert into block_index select block_id, substr(tail, 1, length(tail) - 44) from block_tail;
  delete from block_tail where block_id in (select id from block where state = 'cold');
  `,
  `
  -- Whether the rollups know what a segment holds: 0 no, 1 yes, 2 they never will (late data of a day of which they cannot be made anew; marked dirty).
  alter table segment add column rolled integer not null default 0;
  create index segment_unrolled on segment (day) where rolled = 0;
  -- Readings summed up by series and UTC day (level 0: 5 minutes, 1: hours), 32 series a row. The directory has its digest in it (codec/rollup-row.ts).
  create table rollup (
    id integer primary key, level integer not null, band integer not null, day integer not null, directory blob not null, body blob not null,
    unique (level, band, day)
  ) strict;
  create index rollup_by_day on rollup (level, day, band);
  -- Hours of a month of 32 days. raw_days: a bit for each day of which only the readings tell.
  create table rollup_month (
    series integer not null, month integer not null, raw_days integer not null, digest text not null, frame blob, primary key (series, month)
  ) strict;
  -- Days that are rolled up, a bit each.
  create table rollup_done (month integer primary key, days integer not null) strict;
  -- Buckets that have readings their rollup does not know, a bit each.
  create table rollup_dirty (
    series integer not null, day integer not null, minutes blob not null, hours blob not null, primary key (series, day)
  ) strict, without rowid;
  `,
  `
  -- Amendments look for dirty buckets by day.
  create index rollup_dirty_by_day on rollup_dirty (day, series);
  `,
  `
  -- An object that goes as one request is proven by its SHA-256; MD5s are made only of parts, and where the archive keeps nothing else.
  alter table part alter column md5 drop not null;
  `,
  `
  -- The month's hours in buckets of 6, their digest before them: what answers over years read. Null where the hours are as few, and in rows of older versions.
  alter table rollup_month add column quarters blob;
  `,
  `
  -- Full indexes and sums of hours leave when there is no room for them, the oldest first. A block whose index is gone names the bytes of its object that it is
  -- had again from (null while it is here), and the local ids of the first and the last series in it (null in rows of older versions).
  alter table block add column index_from integer;
  alter table block add column index_length integer;
  alter table block add column index_digest text;
  alter table block add column series_lo integer;
  alter table block add column series_hi integer;
  create index block_with_index on block (day) where state = 'cold' and damaged = 0 and index_digest is null;
  -- 1: hours of the month may go, because quarters tell of it, or could.
  alter table rollup_month add column shrinks integer not null default 1;
  create index rollup_month_shrinks on rollup_month (month, series) where shrinks = 1;
  `,
  `
  -- The bytes of a body that segment_body does not have, in pieces (bodies.ts): id is the segment's * 4096 + 1, 2, ... Rows of older versions have all of it there.
  create table segment_piece (id integer primary key, body blob not null) strict;
  `,
];

/** Brings the database to the newest schema. Throws 'newer-schema' for one written by a newer version; nothing is changed then. */
export function migrate(db: Database.Database): void {
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version > MIGRATIONS.length) {
    throw new TidemarkError(
      'newer-schema',
      `the database has schema ${version}, this version knows up to ${MIGRATIONS.length}`,
      {
        retry: 'never',
        blame: 'operator',
        action: 'start the newer version of Tidemark that wrote it',
      },
    );
  }
  for (const [i, sql] of MIGRATIONS.entries()) {
    if (i < version) continue;
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${i + 1}`);
    })();
  }
}
