import { ipcRenderer } from 'electron';
import { CONNECT } from './channel.ts';

// The page makes the channel and keeps one end; the main process decides whether it takes the other.
window.addEventListener('message', (event) => {
  if (event.source === window && event.data === CONNECT) ipcRenderer.postMessage(CONNECT, null, [...event.ports]);
});
