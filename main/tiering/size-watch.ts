import type { Remote } from '../store/remote.ts';
import type { StoreApi } from '../store/types.ts';
import type { LocalRoom } from './context.ts';
import { cacheRoom, type Pressure, pressureOf } from './size-policy.ts';

/** How full the gateway is. Looking is cheap, and lets the cache give way at once. */
export class SizeWatch {
  readonly #o: { writer: Remote<StoreApi>; room: LocalRoom };
  #last: Pressure | undefined;

  constructor(o: { writer: Remote<StoreApi>; room: LocalRoom }) {
    this.#o = o;
  }

  async look(): Promise<Pressure> {
    const { writer, room } = this.#o;
    const local = await writer.localSize();
    const own = local.usedBytes + local.walBytes;
    const limit = (): number => room.limitBytes(own + room.cacheBytes());
    await room.limitCache(cacheRoom(own, limit()));
    this.#last = pressureOf(local, room.cacheBytes(), limit());
    return this.#last;
  }

  /** As it was looked at last. */
  status(): { fill?: Pressure } {
    return this.#last === undefined ? {} : { fill: this.#last };
  }
}
