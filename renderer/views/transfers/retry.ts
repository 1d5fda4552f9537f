import { useQueryClient } from '@tanstack/react-query';
import { useGateway } from '../../app/gateway.ts';
import { useGatewayAction } from '../../app/query.ts';
import type { CallError } from '../../transport/errors.ts';

export interface Retry {
  ask(id: string): void;
  /** The block that is being asked for. */
  pending: string | undefined;
  /** There is a gateway to ask. */
  able: boolean;
  error: CallError | null;
}

/** Another try for one block; the lists of blocks are read again afterwards. */
export function useRetry(): Retry {
  const queries = useQueryClient();
  const able = useGateway((state) => state.phase === 'live');
  const action = useGatewayAction((client, id: string) => client.retryBlock({ id }));
  const again = (): void => {
    for (const queryKey of [['blocks'], ['archive-days']]) void queries.invalidateQueries({ queryKey });
  };
  return {
    ask: (id) => action.mutate(id, { onSuccess: again }),
    pending: action.isPending ? action.variables : undefined,
    able,
    error: action.error,
  };
}
