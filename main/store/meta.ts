import { randomBytes } from 'node:crypto';
import type Database from 'better-sqlite3';
import { statement } from './statements.ts';
import type { StartReport } from './types.ts';

/** Small texts by name: what the data folder is, and what the stages remember. */
export class Meta {
  readonly #db: Database.Database;

  constructor(db: Database.Database) {
    this.#db = db;
  }

  /** What is kept under the name; `standard` where there is nothing, which is kept from now on unless it is ''. */
  get(name: string, standard = ''): string {
    const row = statement<[string], { value: string }>(this.#db, 'select value from meta where name = ?').get(name);
    if (row === undefined && standard !== '') this.set(name, standard);
    return row?.value ?? standard;
  }

  /** Writes only what changes: a gateway on a full disk must still come up. */
  set(name: string, value: string): void {
    if (this.get(name) === value) return;
    statement(
      this.#db,
      'insert into meta (name, value) values (?, ?) on conflict (name) do update set value = excluded.value',
    ).run(name, value);
  }
}

/** Puts down that the gateway runs. `afresh`: numbers of the journal may have been given out that nobody knows of any more, so that what comes now would seem older. */
export function beginStart(meta: Meta, afresh: boolean): StartReport {
  const cleanShutdown = meta.get('running') !== 'yes';
  const nonce = randomBytes(16).toString('hex');
  const epoch = Number(meta.get('epoch', '1')) + (afresh ? 1 : 0);
  if (afresh) meta.set('epoch', String(epoch));
  const instanceId = meta.get('instance', randomBytes(16).toString('hex'));
  meta.set('running', 'yes');
  return { replayed: 0, cleanShutdown, nonce, epoch, instanceId };
}

const LAST_RECEIVED = 'last-received';

/** Kept with each cut: what is in segments leaves the gateway, and with it when it came. */
export function keepLastReceived(meta: Meta, us: number): void {
  meta.set(LAST_RECEIVED, String(us));
}

/** When the newest of what was cut came; undefined when nothing ever was. */
export function lastReceived(db: Database.Database, meta: Meta): number | undefined {
  const kept = meta.get(LAST_RECEIVED);
  if (kept !== '') return Number(kept);
  // Of a version that kept nothing the segments tell.
  return statement<[], { us: number | null }>(db, 'select max(received_us) us from segment').get()?.us ?? undefined;
}
