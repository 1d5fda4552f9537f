import '@mantine/core/styles/baseline.layer.css';
import '@mantine/core/styles/default-css-variables.layer.css';
import '@mantine/core/styles/global.layer.css';
import '@mantine/core/styles/UnstyledButton.layer.css';
import '@mantine/core/styles/Button.layer.css';
import '@mantine/core/styles/Loader.layer.css';
import './ui/tokens.css';
import './ui/base.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { applyTextSize } from './app/appearance.ts';
import { isElectron, openPort, openSocket } from './transport/channel.ts';
import { Connection } from './transport/connection.ts';
import { tradeToken } from './transport/session.ts';

applyTextSize();

const connection = isElectron()
  ? new Connection({ prepare: async () => {}, open: openPort })
  : new Connection({ prepare: tradeToken, open: openSocket });
void connection.run();

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(<App connection={connection} />);
