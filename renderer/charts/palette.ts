/** The theme's colours and type as a canvas needs them, read from the style sheet. */
export interface Palette {
  lines: readonly string[];
  ink: string;
  grid: string;
  axis: string;
  surface: string;
  fontPx: number;
  font: string;
}

/** Series are told apart by colour and by dash, in CSS pixels. The fourth and later repeat no dash beside a like colour. */
const DASHES: readonly (readonly number[])[] = [
  [],
  [9, 4],
  [2, 4],
  [12, 4, 2, 4],
  [5, 3],
  [14, 6],
  [9, 3, 2, 3, 2, 3],
  [1, 3],
];

export const dashOf = (index: number): number[] => [...(DASHES[index % DASHES.length] ?? [])];

/** The token of a series' colour, for style sheets. */
export const colorToken = (index: number): string => `var(--series-${(index % DASHES.length) + 1})`;

/** Reads the tokens as they are for `element`: its own font size is that of the axes. */
export function readPalette(element: HTMLElement): Palette {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const fontPx = Number.parseFloat(style.fontSize);
  return {
    lines: DASHES.map((_, i) => token(`--series-${i + 1}`)),
    ink: token('--ink'),
    axis: token('--ink-2'),
    grid: token('--grid'),
    surface: token('--surface'),
    fontPx,
    font: `${fontPx}px ${style.fontFamily}`,
  };
}
