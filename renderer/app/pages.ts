import { type InfiniteData, type QueryKey, useInfiniteQuery } from '@tanstack/react-query';
import type { Client } from '../transport/channel.ts';
import type { CallError } from '../transport/errors.ts';
import { useConnection, useGateway } from './gateway.ts';

/** One page of a list and the cursor of the next one. */
export interface Page<T, C> {
  items: T[];
  next: C | null;
}

export interface Pages<T> {
  /** What was loaded so far, in order; undefined before the first page. */
  items: T[] | undefined;
  /** There is more than `items`. */
  more: boolean;
  loadMore(): void;
  loadingMore: boolean;
  error: CallError | null;
  refetch(): void;
}

/**
 * A list of the contract, page by page, that keeps itself fresh: all that was loaded is read again every `everyMs` per loaded page, so a long
 * list is asked for no more often than its size allows.
 */
export function usePages<T, C>(
  key: QueryKey,
  run: (client: Client, cursor: C | undefined, signal: AbortSignal) => Promise<Page<T, C>>,
  everyMs: number,
): Pages<T> {
  const connection = useConnection();
  const live = useGateway((state) => state.phase === 'live');
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      connection.call((client, s) => run(client, pageParam as C | undefined, s), signal),
    initialPageParam: undefined as C | undefined,
    getNextPageParam: (page: Page<T, C>) => page.next ?? undefined,
    enabled: live,
    refetchInterval: (q) => everyMs * Math.max(1, q.state.data?.pages.length ?? 1),
    select: flatten,
  });
  const idle = live && !query.isFetching;
  return {
    items: query.data,
    more: query.hasNextPage,
    loadMore: () => {
      if (query.hasNextPage && idle) void query.fetchNextPage();
    },
    loadingMore: query.isFetchingNextPage,
    error: query.error as CallError | null,
    refetch: () => void query.refetch(),
  };
}

const flatten = <T, C>(data: InfiniteData<Page<T, C>>): T[] => data.pages.flatMap((page) => page.items);
