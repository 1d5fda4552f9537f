import { EventEmitter } from 'node:events';

export type PortMessage = { data: unknown } | { close: true };

/** Stand-in for MessagePortMain: what it is sent waits until `start`. */
export class Port extends EventEmitter {
  readonly #send: (message: PortMessage) => void;
  #waiting: unknown[] | undefined = [];
  #closed = false;
  /** The test makes it lose messages without closing, as a hung process would. */
  mute = false;

  constructor(send: (message: PortMessage) => void) {
    super();
    this.#send = send;
  }

  postMessage(data: unknown): void {
    if (!this.mute && !this.#closed) this.#send({ data });
  }

  start(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const data of waiting) this.emit('message', { data, ports: [] });
  }

  close(): void {
    if (!this.#closed) this.#send({ close: true });
    this.closed();
  }

  receive(data: unknown): void {
    if (this.mute || this.#closed) return;
    if (this.#waiting === undefined) this.emit('message', { data, ports: [] });
    else this.#waiting.push(data);
  }

  /** The other end is gone. */
  closed(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.emit('close');
  }
}
