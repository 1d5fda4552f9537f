import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import type { Connection } from '../transport/connection.ts';
import { ErrorBoundary } from '../ui/ErrorBoundary.tsx';
import { Frame } from './Frame.tsx';
import { GatewayProvider } from './gateway.ts';
import { Refresh } from './query.ts';
import { cssVariablesResolver, theme } from './theme.ts';

// The connection has the deadlines and reconnects; a browser that calls itself offline can still reach a gateway on the same machine.
const queries = new QueryClient({
  defaultOptions: {
    queries: { retry: false, networkMode: 'always', refetchOnWindowFocus: false, staleTime: 1_000 },
    mutations: { retry: false, networkMode: 'always' },
  },
});

/** The nonce that the gateway put into the page; Mantine's style element needs it under our content security policy. */
function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
}

const reload = (): void => location.reload();

export function App({ connection }: { connection: Connection }) {
  return (
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariablesResolver}
        defaultColorScheme="auto"
        getStyleNonce={styleNonce}
      >
        <ErrorBoundary onRetry={reload}>
          <GatewayProvider value={connection}>
            <QueryClientProvider client={queries}>
              <Refresh />
              <Frame />
            </QueryClientProvider>
          </GatewayProvider>
        </ErrorBoundary>
      </MantineProvider>
    </StrictMode>
  );
}
