/** `1 block is`, `1,234 blocks are`: a count with what is counted, in the language of events and sentences. */
export function counted(n: number, one: string, many: string): string {
  return `${n.toLocaleString('en-GB')} ${n === 1 ? one : many}`;
}
