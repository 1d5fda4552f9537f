import type { BlockInfo } from '../store/types.ts';
import type { Pass } from './context.ts';
import { waitingBlocks } from './upload.ts';

/**
 * Blocks in the order of their upload, each once a pass; what is planned meanwhile comes behind them. It holds no block that is not a row: whoever plans
 * only tells it to look again.
 */
export class UploadQueue {
  readonly #p: Pass;
  readonly #seen = new Set<string>();
  readonly #next: BlockInfo[] = [];
  #ended = false;
  #news = Promise.withResolvers<void>();

  constructor(p: Pass) {
    this.#p = p;
  }

  /** There is a block more. */
  tell(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }

  /** No more will come. */
  end(): void {
    this.#ended = true;
    this.tell();
  }

  /** Waits until there is a block, or none will come. */
  async hasMore(): Promise<boolean> {
    for (;;) {
      if (this.#next.length > 0) return true;
      // Both as they are before the rows are read: what is told meanwhile is not missed.
      const [ended, news] = [this.#ended, this.#news.promise];
      const blocks = await waitingBlocks(this.#p);
      this.#next.push(...blocks.filter(({ id }) => !this.#seen.has(id)));
      for (const { id } of blocks) this.#seen.add(id);
      if (this.#next.length > 0) return true;
      if (ended) return false;
      await news;
    }
  }

  /** Blocks of about `most` bytes together. */
  async *take(most: number): AsyncGenerator<BlockInfo> {
    for (let bytes = 0; bytes < most && (await this.hasMore()); ) {
      const block = this.#next.shift();
      if (block === undefined) return;
      bytes += block.bytes;
      yield block;
    }
  }
}
