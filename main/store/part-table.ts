import { createHash, type Hash } from 'node:crypto';
import type { PartInfo } from './types.ts';

/** Hashes an object in order, whole and by parts of a fixed size. The SHA-256 of an object of one part is made once. */
export class PartTable {
  readonly #partBytes: number;
  /** Undefined in the first part, of which the hash is that of the whole. */
  #whole: Hash | undefined;
  readonly #parts: PartInfo[] = [];
  #sha = createHash('sha256');
  #md5 = createHash('md5');
  #offset = 0;
  #length = 0;

  constructor(partBytes: number) {
    this.#partBytes = partBytes;
  }

  add(piece: Uint8Array): void {
    for (let at = 0; at < piece.length; ) {
      if (this.#length === this.#partBytes) this.#closePart();
      const slice = piece.subarray(at, at + this.#partBytes - this.#length);
      this.#whole?.update(slice);
      this.#sha.update(slice);
      this.#md5.update(slice);
      this.#length += slice.length;
      at += slice.length;
    }
  }

  #closePart(): void {
    this.#whole ??= this.#sha.copy();
    const [offset, length] = [this.#offset, this.#length];
    const digests = { sha256: this.#sha.digest(), md5: this.#md5.digest() };
    this.#parts.push({ partNumber: this.#parts.length + 1, offset, length, ...digests, verified: false });
    this.#offset += length;
    [this.#sha, this.#md5, this.#length] = [createHash('sha256'), createHash('md5'), 0];
  }

  /** The table ends with it. */
  end(): { parts: PartInfo[]; sha256: Buffer; bytes: number } {
    if (this.#length > 0) this.#closePart();
    const whole = this.#whole ?? this.#sha;
    return { parts: this.#parts, sha256: whole.digest(), bytes: this.#offset };
  }
}
