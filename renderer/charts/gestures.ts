import { panRange, type Range, zoomRange } from './range.ts';
import { type Fingers, pinchRange, wheelFactor } from './steer.ts';

export interface Steering {
  /** The range that is shown now. */
  range(): Range;
  /** Shown at once, asked for when the movement ends. */
  move(range: Range): void;
  settle(): void;
  /** The mouse or one finger reads values, at a share of the width; undefined when the mouse left. */
  point(share: number | undefined): void;
}

/** A wheel says nothing when it stops. */
const WHEEL_ENDS_MS = 220;

/** Wheel, pinch and two-finger pan on an element as wide as the range. One finger that moves upwards is left to the page (touch-action: pan-y). */
export function steerBy(element: HTMLElement, steering: Steering): () => void {
  const listeners = new AbortController();
  const { signal } = listeners;
  const stopWheel = wheel(element, steering, signal);
  touch(element, steering, signal);
  mouse(element, steering, signal);
  return () => {
    stopWheel();
    listeners.abort();
  };
}

function share(element: HTMLElement, clientX: number): number {
  const { left, width } = element.getBoundingClientRect();
  return (clientX - left) / Math.max(1, width);
}

function mouse(element: HTMLElement, steering: Steering, signal: AbortSignal): void {
  const onMouse = (e: PointerEvent): void => {
    if (e.pointerType !== 'touch') steering.point(e.type === 'pointerleave' ? undefined : share(element, e.clientX));
  };
  element.addEventListener('pointermove', onMouse, { signal });
  element.addEventListener('pointerleave', onMouse, { signal });
}

function wheel(element: HTMLElement, steering: Steering, signal: AbortSignal): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const onWheel = (e: WheelEvent): void => {
    e.preventDefault();
    const pixels = e.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : 33;
    const sideways = e.shiftKey || Math.abs(e.deltaX) > Math.abs(e.deltaY);
    const range = steering.range();
    if (sideways) {
      const by = (Math.abs(e.deltaX) > Math.abs(e.deltaY) ? e.deltaX : e.deltaY) * pixels;
      steering.move(panRange(range, by / Math.max(1, element.clientWidth)));
    } else {
      const at = range.from + share(element, e.clientX) * (range.to - range.from);
      steering.move(zoomRange(range, wheelFactor(e.deltaY * pixels, e.ctrlKey), at));
    }
    clearTimeout(timer);
    timer = setTimeout(steering.settle, WHEEL_ENDS_MS);
  };
  element.addEventListener('wheel', onWheel, { passive: false, signal });
  return () => clearTimeout(timer);
}

function touch(element: HTMLElement, steering: Steering, signal: AbortSignal): void {
  const fingers = new Map<number, number>();
  let start: { range: Range; down: Fingers } | undefined;
  const pair = (): Fingers | undefined => {
    const [a, b] = [...fingers.values()];
    return a === undefined || b === undefined ? undefined : [a, b];
  };
  const begin = (): void => {
    const down = pair();
    start = down === undefined ? undefined : { range: steering.range(), down };
  };
  const end = (e: PointerEvent): void => {
    if (!fingers.delete(e.pointerId)) return;
    if (start !== undefined) steering.settle();
    begin();
  };
  element.addEventListener(
    'pointerdown',
    (e) => {
      if (e.pointerType !== 'touch') return;
      fingers.set(e.pointerId, share(element, e.clientX));
      begin();
      if (fingers.size === 1) steering.point(share(element, e.clientX));
    },
    { signal },
  );
  element.addEventListener(
    'pointermove',
    (e) => {
      if (!fingers.has(e.pointerId)) return;
      fingers.set(e.pointerId, share(element, e.clientX));
      const now = pair();
      if (start !== undefined && now !== undefined) steering.move(pinchRange(start.range, start.down, now));
      else if (fingers.size === 1) steering.point(share(element, e.clientX));
    },
    { signal },
  );
  element.addEventListener('pointerup', end, { signal });
  element.addEventListener('pointercancel', end, { signal });
}
