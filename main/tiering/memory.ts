import { z } from 'zod';

/** What tiering remembers over restarts. */
const schema = z.object({
  /** Null: not paused; 0: until resumed. */
  pausedUntilUs: z.number().nullable(),
  requested: z.boolean(),
  lastRunUs: z.number().nullable(),
});
export type TieringMemory = z.infer<typeof schema>;

export const NO_MEMORY: TieringMemory = { pausedUntilUs: null, requested: false, lastRunUs: null };

export function readMemory(json: string | undefined): TieringMemory {
  if (json === undefined) return NO_MEMORY;
  const parsed = schema.safeParse(JSON.parse(json));
  return parsed.success ? parsed.data : NO_MEMORY;
}
