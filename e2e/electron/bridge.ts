/** Orders of the test to the stand-in, over Node's IPC channel. */
export interface Order {
  id: number;
  name: string;
  args: unknown[];
}
export interface Answer {
  id: number;
  result?: unknown;
  error?: string;
}

type Handler = (...args: never[]) => unknown;

export function serveOrders(handlers: Record<string, Handler>): void {
  process.on('message', async ({ id, name, args }: Order) => {
    const answer: Answer = { id };
    try {
      answer.result = await handlers[name]?.(...(args as never[]));
    } catch (error) {
      answer.error = String(error);
    }
    process.send?.(answer);
  });
}
