import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tidemark } from '../codec/proto/sensor.js';
import { errorOf, gzipped, IngestSite } from '../testing/ingest-site.ts';

let site: IngestSite;
beforeEach(async () => {
  site = await IngestSite.start();
});
afterEach(() => site.stop());

describe('writes', () => {
  it('ING10 answers 204 once line protocol is committed, on both paths', async () => {
    expect((await site.post('/api/v2/write?org=o&bucket=b', 'm,t=x a=1.5,b=2i 1700000000000000000\n')).status).toBe(
      204,
    );
    expect((await site.post('/write?db=d&precision=ms', 'm,t=x a=2.5 1700000000001')).status).toBe(204);
    expect(site.stored('m.a{t=x}')).toEqual([
      [1_700_000_000_000_000, 1.5],
      [1_700_000_000_001_000, 2.5],
    ]);
    expect(site.server.stats()).toMatchObject({ requests: 2, accepted: 3, refused: 0 });
  });

  it.each([
    ['/api/v2/write?precision=us', 5],
    ['/api/v2/write?precision=ms', 5_000],
    ['/api/v2/write?precision=s', 5_000_000],
    ['/api/v2/write?precision=ns', 0],
    ['/api/v2/write?precision=', 0],
    ['/api/v2/write?precision=n', 0],
    ['/api/v2/write?precision=u', 5],
    ['/write?precision=n', 0],
    ['/write?precision=u', 5],
    ['/write?precision=m', 300_000_000],
    ['/write?precision=h', 18_000_000_000],
    ['/write?precision=s&precision=ms', 5_000],
  ])('ING10 reads timestamps of %s', async (path, t) => {
    expect((await site.post(path, 'm a=1 5')).status).toBe(204);
    expect(site.stored('m.a')).toEqual([[t, 1]]);
  });

  it.each(['usec', 'm', 'h', 'NS', 'xx', 'fortnight', '%20'])('ING10 refuses the v2 precision %s', async (unit) => {
    const { status, code, message } = await errorOf(await site.post(`/api/v2/write?precision=${unit}`, 'm a=1 5'));
    expect([status, code]).toEqual([400, 'invalid']);
    expect(message).toBe('invalid precision; valid precisions are ns, us, ms and s');
    expect(site.server.stats().accepted).toBe(0);
  });

  it.each(['fortnight', 'usec', 'H'])('ING10 refuses the v1 precision %s', async (unit) => {
    const { status, message } = await errorOf(await site.post(`/write?precision=${unit}`, 'm a=1 5'));
    expect([status, message]).toEqual([400, 'invalid precision; valid precisions are n, u, ms, s, m and h']);
    expect(site.server.stats().accepted).toBe(0);
  });

  it('ING10 takes an empty body, gzip, x-gzip, chunked bodies, and any or no Content-Type', async () => {
    expect((await site.post('/api/v2/write')).status).toBe(204);
    expect((await site.post('/api/v2/write', '', gzipped)).status).toBe(204);
    expect((await site.post('/api/v2/write', gzipSync('m a=1 1000'), gzipped)).status).toBe(204);
    expect((await site.post('/api/v2/write', gzipSync('m a=2 2000'), { 'content-encoding': 'X-GZip' })).status).toBe(
      204,
    );
    for (const type of [
      'text/plain; charset=utf-8',
      'application/json',
      'no type at all',
      'application/x-www-form-urlencoded',
    ]) {
      expect((await site.post('/api/v2/write', 'm a=3 3000', { 'content-type': type })).status).toBe(204);
    }
    const chunked = new ReadableStream({
      start(c) {
        for (const part of ['m a', '=4 40', '00\n']) c.enqueue(Buffer.from(part));
        c.close();
      },
    });
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body: chunked, duplex: 'half' };
    expect((await fetch(`${site.base}/api/v2/write`, init)).status).toBe(204);
    expect(site.stored('m.a').map(([, v]) => v)).toEqual([1, 2, 3, 4]);
  });

  it('ING3 commits the valid part of a body and answers 400 with places and the number refused', async () => {
    const { status, code, message, body } = await errorOf(
      await site.post('/api/v2/write', 'm a=1,s="x" 1000\nbad\nm a=2 2000'),
    );
    expect([status, code]).toEqual([400, 'invalid']);
    expect(message).toBe(
      'partial write: line 1, column 9: field "s" is a string: only numbers and booleans are stored; ' +
        'line 2, column 4: there are no fields: expected a space and field=value; dropped=2',
    );
    expect(body.error).toBe(undefined);
    expect(site.stored('m.a')).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(site.server.stats()).toMatchObject({ accepted: 2, refused: 2 });
  });

  it('ING10 tells v1 clients in their own words that sending again is useless', async () => {
    expect((await errorOf(await site.post('/write', 'm a=1 1\nbad'))).body.error).toMatch(
      /^partial write: .*dropped=1$/,
    );
    expect((await errorOf(await site.post('/write', 'bad'))).body.error).toMatch(/^unable to parse: .*dropped=1$/);
  });

  it('ING10 shows the first ten refusals and counts all, in the body and as a safe header', async () => {
    const response = await site.post('/write', `ok v=1\n${'größe,\n'.repeat(500)}`);
    expect(response.headers.get('x-influxdb-error')).toMatch(/^[\x20-\x7e]{1,500}$/);
    const { message } = await errorOf(response);
    expect(message).toContain('; and 490 more; dropped=500');
  });

  it('ING4 takes 100,000 new series in one batch, and refuses those beyond max_series by name', async () => {
    await site.stop();
    site = await IngestSite.start({}, 100_000);
    const lines = Array.from({ length: 100_001 }, (_, i) => `hub,n=${i} v=${i} ${i}000`).join('\n');
    const { status, message } = await errorOf(await site.post('/api/v2/write', lines));
    expect(status).toBe(400);
    expect(message).toContain('line 100001, column 14: too many series: "hub.v{n=100000}" is new');
    expect(site.store.stats().series).toBe(100_000);
    expect(site.stored('hub.v{n=99999}')).toEqual([[99_999, 99_999]]);
  }, 60_000);
});

describe('readings', () => {
  const series = [
    {
      measurement: 'pump',
      field: 'temp',
      tags: { site: 'a' },
      unit: '°C',
      timestampUs: [1, 2],
      value: [1.5, Number.NaN],
    },
  ];

  it('ING8 takes SensorData as protobuf, gzip too, and as JSON', async () => {
    const body = new Uint8Array(tidemark.v1.SensorData.encode({ hub: 'h', series }).finish());
    expect((await site.post('/readings', body, { 'content-type': 'application/x-protobuf' })).status).toBe(204);
    expect(
      (await site.post('/readings', gzipSync(body), { 'content-type': 'application/protobuf', ...gzipped })).status,
    ).toBe(204);
    const json = JSON.stringify({ hub: 'h', series: [{ ...series[0], timestampUs: ['3'], value: [3] }] });
    expect((await site.post('/readings', json, { 'content-type': 'Application/JSON; charset=utf-8' })).status).toBe(
      204,
    );
    expect(site.stored('pump.temp{hub=h,site=a}').at(-1)).toEqual([3, 3]);
    expect(site.store.series.byKey('pump.temp{hub=h,site=a}')?.unit).toBe('°C');
  });

  it('ING9 commits the valid series and answers 400 {code, message} naming the others', async () => {
    const json = JSON.stringify({
      series: [
        { measurement: 'm', field: 'f', timestampUs: [1], value: [1] },
        { measurement: 'm', field: 'g', timestampUs: [1] },
      ],
    });
    const { status, body } = await errorOf(await site.post('/readings', json, { 'content-type': 'application/json' }));
    expect(status).toBe(400);
    expect(body).toEqual({
      code: 'invalid',
      message: 'partial write: series 2: series "m.g": 1 timestamps but 0 values; dropped=1',
    });
    expect(site.stored('m.f')).toEqual([[1, 1]]);
  });

  it.each([undefined, 'text/plain', 'nonsense'])('ING10 answers 415 to the content type %s', async (type) => {
    const body = Buffer.from('{}');
    const response = await site.post(
      '/readings',
      new Uint8Array(body),
      type === undefined ? {} : { 'content-type': type },
    );
    expect((await errorOf(response)).status).toBe(415);
  });
});
