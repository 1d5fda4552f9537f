import { createContext, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { Status } from '../../shared/schemas.ts';
import type { Connection, ConnectionState } from '../transport/connection.ts';
import { createTimes, type Times } from '../ui/times.ts';

const GatewayContext = createContext<Connection | undefined>(undefined);

export const GatewayProvider = GatewayContext.Provider;

/** The page's connection. */
export function useConnection(): Connection {
  const connection = useContext(GatewayContext);
  if (connection === undefined) throw new Error('GatewayProvider is missing');
  return connection;
}

export function useConnectionState(): ConnectionState {
  const connection = useConnection();
  return useSyncExternalStore(connection.subscribe, connection.state);
}

/** The last status there was, undefined before the first. */
export const useStatus = (): Status | undefined => useConnectionState().status;

/** One part of the state; renders only when that part changes (compared with Object.is). */
export function useGateway<T>(pick: (state: ConnectionState) => T): T {
  const connection = useConnection();
  return useSyncExternalStore(connection.subscribe, () => pick(connection.state()));
}

/**
 * The gateway's time, microseconds, as of the last status: ages are counted from it, not from this screen's clock. While the gateway is away
 * they go on growing.
 */
export function useGatewayNow(): number {
  const { status, heardAt, phase } = useConnectionState();
  const lost = phase !== 'live';
  const here = useTick(lost);
  return (status?.now_us ?? 0) + (lost && heardAt !== undefined ? Math.max(0, here - heardAt) * 1_000 : 0);
}

/** Formats in the gateway's zone. */
export function useTimes(): Times {
  const zone = useGateway((state) => state.status?.site.zone ?? 'UTC');
  return useMemo(() => createTimes(zone), [zone]);
}

/** This screen's clock, ms, ticking every second while `on`. */
export function useTick(on: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!on) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [on]);
  return now;
}

/** The gateway's clock, microseconds, going on between statuses; it stands still while the gateway is away. */
export function useGatewayClock(): number {
  const { status, heardAt, phase } = useConnectionState();
  const here = useTick(phase === 'live');
  if (status === undefined || heardAt === undefined || phase !== 'live') return status?.now_us ?? 0;
  return status.now_us + Math.max(0, here - heardAt) * 1_000;
}
