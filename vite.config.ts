import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'renderer',
  plugins: [react()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    // The page's content security policy allows files from its own origin, not data: scripts or fonts.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // Whoever gets the page gets the licences of what is bundled into it.
    license: { fileName: 'licenses.md' },
  },
});
