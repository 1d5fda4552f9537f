import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** Posts line protocol over kept connections; a write counts once it is acknowledged. */
export class WriteClients {
  readonly #agent: Agent;
  readonly #url: string;

  /** `write` is the path and query of an endpoint that takes line protocol with timestamps in microseconds. */
  constructor(ingest: string, connections: number, write = '/api/v2/write?precision=us') {
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
    this.#url = ingest + write;
  }

  /** Resolves at the acknowledgement; rejects on anything but 204. */
  async post(body: Buffer): Promise<void> {
    const { status, said } = await this.send(body);
    if (status !== 204) throw new Error(`a write was answered ${status}: ${said}`);
  }

  /** Resolves with the answer, whatever it is. */
  send(body: Buffer): Promise<{ status: number; retryAfter: string | undefined; said: string }> {
    return new Promise((resolve, reject) => {
      const sent = request(
        this.#url,
        { method: 'POST', agent: this.#agent, headers: { 'content-length': body.byteLength } },
        (answer) => {
          const { statusCode = 0, headers } = answer;
          text(answer).then(
            (said) => resolve({ status: statusCode, retryAfter: headers['retry-after'], said }),
            reject,
          );
        },
      );
      sent.once('error', reject);
      sent.end(body);
    });
  }

  /** All bodies, each client the next one as soon as its last is acknowledged. */
  async postAll(bodies: readonly Buffer[], clients: number): Promise<void> {
    const queue = bodies.values();
    const client = async (): Promise<void> => {
      for (const body of queue) await this.post(body);
    };
    await Promise.all(Array.from({ length: clients }, client));
  }

  close(): void {
    this.#agent.destroy();
  }
}
