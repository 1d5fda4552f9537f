/** A name cut after each `_`, `.`, `-`, `/` and `:`, and where each part begins. */
export function jointsOf(name: string): { at: number; part: string }[] {
  let at = 0;
  return name.split(/(?<=[_.\-/:])/).map((part) => {
    at += part.length;
    return { at: at - part.length, part };
  });
}
