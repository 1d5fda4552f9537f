/** What was measured of one day of series that all send at one rate, per series. Sizes are of what the store wrote. */
export interface MeasuredDay {
  readingsPerSecond: number;
  /** All objects of the day: frames, rollups, index, envelope. */
  bucketBytes: number;
  /** Frozen index of the day's blocks, kept on the gateway. */
  indexBytes: number;
  /** Rollups of 5 minutes and of hours, kept on the gateway. */
  rollupBytes: number;
  /** Of the one thread that writes, for all that the store does with the day. */
  busySeconds: number;
}

export interface Site {
  series: number;
  readingsPerSecond: number;
  years: number;
}

export interface Limits {
  /** Readings a second that one gateway takes in. */
  ingest: number;
  maxSeries: number;
  blockBytes: number;
  partBytes: number;
  /** Days that stay on the gateway. */
  localDays: number;
  /** Readings that the head holds at most. */
  headReadings: number;
}

/** Resident memory of a gateway that does nothing, and what a known series and a reading in the head add. */
export interface MeasuredMemory {
  idleBytes: number;
  seriesBytes: number;
  headReadingBytes: number;
}

export interface Growth {
  readingsPerSecond: number;
  bucketBytes: number;
  objects: number;
  /** Requests that change something and requests that read, over all years: parts, begin and end of each object; HEAD and read-back. */
  writes: number;
  reads: number;
  /** On the gateway at the end: local days, indexes, rollups. */
  localBytes: number;
  manifestBytes: number;
  /** What never leaves, however little room there is: rows of blocks and parts, and quarters of days. */
  leastBytes: number;
  /** Of each gateway, at rest, its head full. */
  ramBytes: number;
  /** Processor time of the thread that writes, of each gateway for a day, in seconds. */
  busySecondsADay: number;
  /** Gateways it takes by readings a second, by series and by what one thread can do in a day. */
  gateways: number;
}

/** A cut is due after so long. */
const HEAD_SECONDS = 7_200;
const DAYS_A_YEAR = 365.25;
const SECONDS_A_DAY = 86_400;

/** Row of a block and of each part in SQLite, bytes. */
const BLOCK_ROW = 400;
const PART_ROW = 110;
/** Quarters of a day of one series, bytes (8 series at a reading a minute over ten years). */
const QUARTERS = 22;

/** What a site comes to: linear in series and days, in whole objects and parts. */
export function grow(site: Site, day: MeasuredDay, memory: MeasuredMemory, o: Limits): Growth {
  const days = site.years * DAYS_A_YEAR;
  const rate = site.series * site.readingsPerSecond;
  const threads = (site.series * day.busySeconds) / SECONDS_A_DAY;
  const gateways = Math.ceil(Math.max(rate / o.ingest, site.series / o.maxSeries, threads));
  const dayBytes = site.series * day.bucketBytes;
  const objectsADay = Math.max(gateways, Math.ceil(dayBytes / o.blockBytes));
  const parts = Math.max(1, Math.ceil(dayBytes / objectsADay / o.partBytes));
  const objects = Math.round(objectsADay * days);
  const rows = objects * (BLOCK_ROW + parts * PART_ROW);
  const manifest = rows + days * site.series * day.indexBytes;
  const rollups = days * site.series * day.rollupBytes;
  return {
    readingsPerSecond: rate,
    bucketBytes: dayBytes * days,
    objects,
    writes: objects * (parts === 1 ? 1 : parts + 2),
    reads: objects * (parts + 1),
    localBytes: o.localDays * dayBytes + manifest + rollups,
    manifestBytes: manifest,
    leastBytes: rows + days * site.series * QUARTERS,
    ramBytes: resident(memory, site.series / gateways, Math.min(o.headReadings, (HEAD_SECONDS * rate) / gateways)),
    busySecondsADay: (site.series / gateways) * day.busySeconds,
    gateways,
  };
}

/** Resident memory of a gateway that knows so many series and holds so many readings in its head. */
export function resident(memory: MeasuredMemory, series: number, headReadings: number): number {
  return memory.idleBytes + series * memory.seriesBytes + headReadings * memory.headReadingBytes;
}
