import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { SECOND_US } from '../../../shared/units.ts';
import { useGateway } from '../../app/gateway.ts';
import { navigate, useRoute } from '../../app/route.ts';
import {
  type Bounds,
  clampRange,
  type Preset,
  panRange,
  presetRange,
  type Range,
  zoomRange,
} from '../../charts/range.ts';
import type { Command } from '../../charts/steer.ts';
import { emptyHistory, goBack, goForward, visit, type ZoomHistory } from '../../charts/zoom-history.ts';
import { type Address, formatAddress, parseAddress } from './address.ts';

/** A view that follows now is asked again after this share of its span: about two pixels. */
const FOLLOW_SHARE = 400;
const FOLLOW_LEAST_US = 5 * SECOND_US;

type Sight = Pick<Address, 'preset' | 'range'>;

export interface HistoryControl {
  address: Address;
  /** What is to be shown. */
  range: Range;
  /** True while the range ends now and moves with it. */
  follows: boolean;
  change(part: Partial<Address>): void;
  /** Goes to a range as a new step of the zoom history. */
  show(range: Range): void;
  choose(preset: Preset): void;
  run(command: Command): void;
  can(command: Command): boolean;
  clamp(range: Range): Range;
  /** Tells when the chosen series began: `all` is all of them, not of the whole gateway. */
  knowFirst(from: number): void;
}

/** What was shown when the view was left: the way back to it has no parameters. */
let left = new URLSearchParams();

/** Series and range of the page's address, and the ways to change the range. */
export function useView(): HistoryControl {
  const { params } = useRoute();
  const entering = useRef(true);
  useEffect(() => {
    if (entering.current && params.size === 0 && left.size > 0) navigate('history', left, 'replace');
    else left = params;
    entering.current = false;
  }, [params]);
  const address = useMemo(() => parseAddress(params), [params]);
  const [zooms, setZooms] = useState<ZoomHistory<Sight>>(emptyHistory);
  const oldest = useGateway((s) => oldestOf(s.status?.tiers));
  const of = `${oldest} ${address.series.join(' ')}`;
  const [first, setFirst] = useState<{ of: string; from: number }>();
  const range = useRange(address, first?.of === of ? first.from : oldest);
  const { preset } = address;
  const sight: Sight = { preset, range: address.range };

  const change = useCallback(
    (part: Partial<Address>) => navigate('history', formatAddress({ ...address, ...part }), 'replace'),
    [address],
  );
  const go = (next: Sight): void => {
    if (next.preset === sight.preset && next.range?.from === sight.range?.from && next.range?.to === sight.range?.to)
      return;
    setZooms(visit(zooms, sight));
    change(next);
  };
  const newest = useGateway((s) => Math.floor((s.status?.now_us ?? 0) / FOLLOW_LEAST_US) * FOLLOW_LEAST_US);
  const bounds: Bounds = { oldest: Math.min(oldest ?? newest, range.from), newest: Math.max(newest, range.to) };
  const clamp = (r: Range): Range => clampRange(r, bounds);
  const show = (r: Range): void => go({ preset, range: clamp(r) });
  const step = (found: { history: ZoomHistory<Sight>; view: Sight } | undefined): void => {
    if (found === undefined) return;
    setZooms(found.history);
    change(found.view);
  };
  const commands: Record<Command, () => void> = {
    zoomIn: () => show(zoomRange(range, 0.5)),
    zoomOut: () => show(zoomRange(range, 2)),
    earlier: () => show(panRange(range, -0.5)),
    later: () => show(panRange(range, 0.5)),
    back: () => step(goBack(zooms, sight)),
    forward: () => step(goForward(zooms, sight)),
    reset: () => go({ preset, range: undefined }),
  };
  return {
    address,
    range,
    follows: address.range === undefined,
    change,
    show,
    choose: (next) => go({ preset: next, range: undefined }),
    run: (command) => commands[command](),
    can: (command) =>
      command === 'back'
        ? zooms.past.length > 0
        : command === 'forward'
          ? zooms.future.length > 0
          : command !== 'reset' || address.range !== undefined,
    clamp,
    knowFirst: (from) => setFirst((known) => (known?.of === of && known.from === from ? known : { of, from })),
  };
}

/** The range of the address; of a preset it moves on only when about two pixels' worth of time has gone by. */
function useRange({ preset, range }: Address, oldest: number | null): Range {
  const now = useGateway((s) => {
    const present = s.status?.now_us ?? 0;
    const whole = presetRange(preset, present, oldest);
    const share = (whole.to - whole.from) / FOLLOW_SHARE;
    // The span of `all` grows; its step must not.
    const step = Math.max(FOLLOW_LEAST_US, preset === 'all' ? 2 ** Math.floor(Math.log2(share)) : share);
    return Math.ceil(present / step) * step;
  });
  const { from, to } = range ?? presetRange(preset, now, oldest);
  return useMemo(() => ({ from, to }), [from, to]);
}

type Tiers = Record<'head' | 'local' | 'cold', { oldest_us: number | null }>;

function oldestOf(tiers: Tiers | undefined): number | null {
  const known = [tiers?.head, tiers?.local, tiers?.cold].flatMap((tier) => tier?.oldest_us ?? []);
  return known.length === 0 ? null : Math.min(...known);
}
