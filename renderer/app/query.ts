import {
  type QueryKey,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Client } from '../transport/channel.ts';
import type { CallError } from '../transport/errors.ts';
import { useConnection, useGateway } from './gateway.ts';

/** One call of the contract as a query. What was read before stays while the gateway is away, and is asked again when it is back. */
export function useGatewayQuery<T>(
  key: QueryKey,
  run: (client: Client, signal: AbortSignal) => Promise<T>,
  options: { everyMs?: number; on?: boolean } = {},
): UseQueryResult<T, CallError> {
  const connection = useConnection();
  const live = useGateway((state) => state.phase === 'live');
  return useQuery<T, CallError>({
    queryKey: key,
    queryFn: ({ signal }) => connection.call(run, signal),
    enabled: live && options.on !== false,
    ...(options.everyMs === undefined ? {} : { refetchInterval: options.everyMs }),
  });
}

/** Asks everything again after the gateway came back. */
export function Refresh(): null {
  const queries = useQueryClient();
  const generation = useGateway((state) => state.generation);
  useEffect(() => {
    if (generation > 1) void queries.invalidateQueries();
  }, [generation, queries]);
  return null;
}

/** A call that changes something: `mutate` starts it, `error` says why it failed. */
export function useGatewayAction<T, I = void>(
  run: (client: Client, input: I) => Promise<T>,
): UseMutationResult<T, CallError, I> {
  const connection = useConnection();
  return useMutation<T, CallError, I>({ mutationFn: (input) => connection.call((client) => run(client, input)) });
}
