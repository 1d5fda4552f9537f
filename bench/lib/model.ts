/** What was measured of one day of series that all send at one rate, per series. Sizes are of what the store wrote. */
export interface MeasuredDay {
  readingsPerSecond: number;
  /** All objects of the day: frames, rollups, index, envelope. */
  bucketBytes: number;
  /** Frozen index of the day's blocks, kept on the gateway. */
  indexBytes: number;
  /** Rollups of 5 minutes and of hours, kept on the gateway. */
  rollupBytes: number;
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
  /** Readings that the head holds at most, bytes of one, and bytes of a known series. */
  headReadings: number;
  headReadingBytes: number;
  seriesBytes: number;
  /** Resident memory of a gateway that does nothing. */
  idleBytes: number;
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
  ramBytes: number;
  /** Gateways it takes by readings a second and by series. */
  gateways: number;
}

const DAYS_A_YEAR = 365.25;

/** Row of a block and of each part in SQLite, bytes. */
const BLOCK_ROW = 400;
const PART_ROW = 110;

/** What a site comes to: linear in series and days, in whole objects and parts. */
export function grow(site: Site, day: MeasuredDay, o: Limits): Growth {
  const days = site.years * DAYS_A_YEAR;
  const rate = site.series * site.readingsPerSecond;
  const gateways = Math.max(Math.ceil(rate / o.ingest), Math.ceil(site.series / o.maxSeries), 1);
  const dayBytes = site.series * day.bucketBytes;
  const objectsADay = Math.max(gateways, Math.ceil(dayBytes / o.blockBytes));
  const parts = Math.max(1, Math.ceil(dayBytes / objectsADay / o.partBytes));
  const objects = Math.round(objectsADay * days);
  const manifest = objects * (BLOCK_ROW + parts * PART_ROW) + days * site.series * day.indexBytes;
  const rollups = days * site.series * day.rollupBytes;
  return {
    readingsPerSecond: rate,
    bucketBytes: dayBytes * days,
    objects,
    writes: objects * (parts === 1 ? 1 : parts + 2),
    reads: objects * (parts + 1),
    localBytes: o.localDays * dayBytes + manifest + rollups,
    manifestBytes: manifest,
    ramBytes:
      o.idleBytes +
      (site.series / gateways) * o.seriesBytes +
      Math.min(o.headReadings, (7_200 * rate) / gateways) * o.headReadingBytes,
    gateways,
  };
}
