/** What a synchronous API looks like from another thread: every method returns a promise; errors keep their class. */
export type Remote<Api> = {
  [K in keyof Api]: Api[K] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never;
};
