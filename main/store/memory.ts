/**
 * Gives memory that nobody uses any more back at once: collections, each over the whole heap, would cost more than all the reading. Memory that others may have a
 * part of stays, and so does what was given back before.
 */
export function release({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && !buffer.detached && buffer.byteLength === byteLength) buffer.transfer(0);
}
