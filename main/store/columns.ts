/** A typed array of at least that length, twice as long or longer, with what the old one held. */
export function grown<A extends Uint32Array | Uint8Array | Float64Array>(old: A, atLeast: number): A {
  const larger = new (old.constructor as new (length: number) => A)(Math.max(atLeast, old.length * 2));
  larger.set(old);
  return larger;
}
