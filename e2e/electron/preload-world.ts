import { readFileSync } from 'node:fs';
import type { CDPSession } from '@playwright/test';
import { Port, type PortMessage } from './port.ts';

const WORLD = 'preload';

/** What a sandboxed preload may have of Electron, in a world of its own beside the page's. */
const SHIM = `
  const ports = new Map();
  const toMain = (message) => __toMain(JSON.stringify(message));
  globalThis.__fromMain = (id, message) => {
    const port = ports.get(id);
    if (message.close) port?.close();
    else port?.postMessage(message.data);
  };
  const ipcRenderer = {
    postMessage(channel, _message, transfer) {
      const ids = transfer.map((port) => {
        const id = ports.size + 1;
        ports.set(id, port);
        port.onmessage = (event) => toMain({ id, data: event.data });
        port.onclose = () => toMain({ id, close: true });
        return id;
      });
      toMain({ channel, ids });
    },
  };
  const require = (name) => {
    if (name !== 'electron') throw new Error('a sandboxed preload cannot require ' + name);
    return { ipcRenderer };
  };
  const module = { exports: {} };
  const exports = module.exports;`;

type FromPreload = { channel: string; ids: number[] } | { id: number; data?: unknown; close?: true };

/** A frame as Electron names it: `parent` is null for the page itself. */
export interface SenderFrame {
  origin: string;
  parent: SenderFrame | null;
}

interface World {
  frameId: string;
  ports: Map<number, Port>;
}

/** Runs the preload in every document of the page and carries its ports; `receive` is ipcMain. */
export class PreloadWorld {
  readonly #cdp: CDPSession;
  readonly #receive: (channel: string, frame: SenderFrame, ports: Port[]) => void;
  readonly #worlds = new Map<number, World>();
  readonly #frames = new Map<string, SenderFrame>();
  /** Connections that pages have asked for so far. */
  asked = 0;

  constructor(cdp: CDPSession, receive: (channel: string, frame: SenderFrame, ports: Port[]) => void) {
    this.#cdp = cdp;
    this.#receive = receive;
  }

  async install(preload: string): Promise<void> {
    this.#cdp.on('Page.frameNavigated', ({ frame }) => {
      const parent = frame.parentId === undefined ? null : (this.#frames.get(frame.parentId) ?? null);
      this.#frames.set(frame.id, { origin: frame.securityOrigin, parent });
    });
    this.#cdp.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name !== WORLD) return;
      const { frameId } = context.auxData as { frameId: string };
      this.#worlds.set(context.id, { frameId, ports: new Map() });
    });
    this.#cdp.on('Runtime.executionContextDestroyed', ({ executionContextId }) => this.#end(executionContextId));
    this.#cdp.on('Runtime.executionContextsCleared', () => {
      for (const id of [...this.#worlds.keys()]) this.#end(id);
    });
    this.#cdp.on('Runtime.bindingCalled', ({ executionContextId, payload }) => {
      this.#take(executionContextId, JSON.parse(payload) as FromPreload);
    });
    await this.#cdp.send('Runtime.enable');
    await this.#cdp.send('Page.enable');
    await this.#cdp.send('Runtime.addBinding', { name: '__toMain', executionContextName: WORLD });
    const source = `(() => { ${SHIM}\n${readFileSync(preload, 'utf8')} })()`;
    await this.#cdp.send('Page.addScriptToEvaluateOnNewDocument', { worldName: WORLD, source });
  }

  /** Ends of all connections that stand. */
  openPorts(): Port[] {
    return [...this.#worlds.values()].flatMap((world) => [...world.ports.values()]);
  }

  #take(contextId: number, message: FromPreload): void {
    const world = this.#worlds.get(contextId);
    if (world === undefined) return;
    if ('channel' in message) {
      this.asked++;
      const frame = this.#frames.get(world.frameId);
      const ports = message.ids.map((id) => this.#port(contextId, world, id));
      if (frame !== undefined) this.#receive(message.channel, frame, ports);
    } else if (message.close) {
      world.ports.get(message.id)?.closed();
      world.ports.delete(message.id);
    } else world.ports.get(message.id)?.receive(message.data);
  }

  #port(contextId: number, world: World, id: number): Port {
    const send = (message: PortMessage): void => {
      const expression = `__fromMain(${id}, ${JSON.stringify(message)})`;
      // Fails when the document is gone, and its end with it.
      this.#cdp.send('Runtime.evaluate', { contextId, expression }).catch(() => undefined);
      if ('close' in message) world.ports.delete(id);
    };
    const port = new Port(send);
    world.ports.set(id, port);
    return port;
  }

  #end(contextId: number): void {
    for (const port of this.#worlds.get(contextId)?.ports.values() ?? []) port.closed();
    this.#worlds.delete(contextId);
  }
}
