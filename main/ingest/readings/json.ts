import { quoteName } from '../refusals.ts';
import type { SensorBody } from './protobuf.ts';
import type { SensorSeries } from './series.ts';
import { excessOf } from './structure.ts';

const DECIMAL = /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/;
const NON_FINITE = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/** Why a body or a series is not what the proto3 JSON mapping of SensorData says. */
class ShapeError extends Error {}

/**
 * Reads the proto3 JSON mapping of SensorData: lowerCamelCase or original field names, null for a field left out, int64 as
 * number or string, double as number or string with NaN, Infinity and -Infinity. Unknown names are refused, as the mapping
 * asks: a misspelt `tags` would otherwise store readings under another series. Throws with the reason.
 */
export function readJson(body: Uint8Array): SensorBody {
  const excess = excessOf(body);
  if (excess !== undefined) throw new ShapeError(excess);
  const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  const data = asObject(JSON.parse(text), 'the body', { hub: 'hub', series: 'series' });
  const hub = asString(data.hub, 'hub');
  const list = data.series ?? [];
  if (!Array.isArray(list)) throw new ShapeError('"series" is not an array');
  return { hub, count: list.length, series: readAll(list) };
}

function* readAll(list: readonly Json[]): Generator<SensorSeries | string> {
  for (const item of list) yield read(item);
}

const SERIES_NAMES = {
  measurement: 'measurement',
  field: 'field',
  tags: 'tags',
  unit: 'unit',
  timestampUs: 'timestampUs',
  timestamp_us: 'timestampUs',
  value: 'value',
};

function read(item: Json): SensorSeries | string {
  try {
    const series = asObject(item, 'it', SERIES_NAMES);
    return {
      measurement: asString(series.measurement, 'measurement'),
      field: asString(series.field, 'field'),
      tags: readTags(series.tags ?? {}),
      unit: asString(series.unit, 'unit'),
      timestampUs: asNumbers(series.timestampUs, 'timestampUs', asInteger),
      value: asNumbers(series.value, 'value', asDouble),
    };
  } catch (error) {
    if (error instanceof ShapeError) return error.message;
    throw error;
  }
}

/** The members of an object by their canonical names. */
function asObject(json: Json, what: string, names: Readonly<Record<string, string>>): JsonObject {
  if (json === null || typeof json !== 'object' || Array.isArray(json))
    throw new ShapeError(`${what} is not a JSON object`);
  const known = new Map(Object.entries(names));
  const members: JsonObject = {};
  for (const [spelled, value] of Object.entries(json)) {
    const name = known.get(spelled);
    if (name === undefined) throw new ShapeError(`${what} has an unknown field ${quoteName(spelled)}`);
    if (name in members) throw new ShapeError(`${what} has the field ${quoteName(name)} twice`);
    members[name] = value;
  }
  return members;
}

function asString(json: Json | undefined, name: string): string {
  if (json === undefined || json === null) return '';
  if (typeof json !== 'string') throw new ShapeError(`"${name}" is not a string`);
  return json;
}

function readTags(json: Json): [string, string][] {
  if (json === null || typeof json !== 'object' || Array.isArray(json))
    throw new ShapeError('"tags" is not a JSON object');
  return Object.entries(json).map(([name, value]) => {
    if (typeof value !== 'string') throw new ShapeError(`the tag ${quoteName(name)} is not a string`);
    return [name, value];
  });
}

function asNumbers(json: Json | undefined, name: string, read: (item: Json) => number | undefined): number[] {
  if (json === undefined || json === null) return [];
  if (!Array.isArray(json)) throw new ShapeError(`"${name}" is not an array`);
  return json.map((item, i) => {
    const number = read(item);
    if (number === undefined) throw new ShapeError(`"${name}" entry ${i + 1} is not a number of its kind`);
    return number;
  });
}

/** An int64. Beyond 2^53 it is inexact, but it is out of range as a timestamp there anyway. */
function asInteger(item: Json): number | undefined {
  const number = typeof item === 'string' && DECIMAL.test(item) ? Number(item) : item;
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
}

function asDouble(item: Json): number | undefined {
  if (typeof item === 'number') return Number.isFinite(item) ? item : undefined;
  if (typeof item !== 'string') return undefined;
  const special = NON_FINITE.get(item);
  if (special !== undefined) return special;
  const number = DECIMAL.test(item) ? Number(item) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}
