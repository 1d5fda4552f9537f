import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Store, type StoreOptions } from '../store/store.ts';

type Options = Omit<StoreOptions, 'path'>;

/** A store in a folder of its own, as one test has it. */
export class StoreFolder {
  readonly dir = mkdtempSync(join(tmpdir(), 'tidemark-store-'));
  readonly path = join(this.dir, 'tidemark.db');
  readonly #options: Options;
  /** Another one after each start. */
  store: Store;

  constructor(options: Options) {
    this.#options = options;
    this.store = this.#open();
  }

  #open(other: Partial<Options> = {}): Store {
    return new Store({ path: this.path, ...this.#options, ...other });
  }

  /** Stops and starts; `change` is done to the files in between. */
  restart(change: () => void = () => undefined, other: Partial<Options> = {}): void {
    this.store.close();
    change();
    this.store = this.#open(other);
  }

  /** The same; `change` is done to the database behind the store's back. */
  reopen(change: (db: Database.Database) => void): void {
    this.restart(() => {
      const db = new Database(this.path);
      change(db);
      db.close();
    });
  }

  /** Compacts and sums up what was cut of the day: it may be frozen then. */
  close(day: number): void {
    const { nowUs } = this.#options;
    while (this.store.compactDay(day, nowUs));
    while (this.store.rollUpDay(day, nowUs));
  }

  end(): void {
    this.store.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
