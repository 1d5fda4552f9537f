import type { Range } from '../../charts/range.ts';
import { type Picture, type Point, pointAt } from '../../charts/trace.ts';

/** All points of a picture within a range, newest first. */
export function tableRows(picture: Picture | undefined, range: Range): Point[] {
  const rows: Point[] = [];
  for (const layer of picture?.layers ?? []) {
    for (let i = 0; i < layer.t.length; i++) {
      const point = pointAt(layer, i);
      if (point === undefined || point.t >= range.to) continue;
      // A reading has no width; a bucket may begin before the range.
      if (point.t >= range.from || point.t + point.bucket > range.from) rows.push(point);
    }
  }
  return rows.sort((a, b) => b.t - a.t);
}
