const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const LAST_CODE_POINT = 0x10ffff;

function decode(text: string): string {
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? whole;
    const code = Number(name.toLowerCase().startsWith('#x') ? `0${name.slice(1)}` : name.slice(1));
    return code <= LAST_CODE_POINT ? String.fromCodePoint(code) : whole;
  });
}

/** Text of the first element of this name; S3's answers are flat enough for that. */
export function xmlText(xml: string, name: string): string | undefined {
  const found = new RegExp(`<${name}(?:\\s[^<>]*)?>([^<]*)</${name}>`).exec(xml)?.[1];
  return found === undefined ? undefined : decode(found);
}

/** Inner XML of every element of this name, up to the first that does not end; in time that grows with the text only, whatever it is. */
export function xmlElements(xml: string, name: string): string[] {
  const found: string[] = [];
  const [start, end] = [new RegExp(`<${name}(?:\\s[^<>]*)?>`, 'g'), `</${name}>`];
  for (let m = start.exec(xml); m !== null; m = start.exec(xml)) {
    const to = xml.indexOf(end, start.lastIndex);
    if (to === -1) break;
    found.push(xml.slice(start.lastIndex, to));
    start.lastIndex = to + end.length;
  }
  return found;
}

export function xmlEscape(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
