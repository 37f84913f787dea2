import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The bank that the pages speak to while they are being worked on. */
const bank = process.env.PIAOHAO_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  server: { proxy: { '/api': bank } },
  build: {
    // One folder below what git keeps, so that emptying it takes nothing that is kept.
    outDir: 'dist/page',
    emptyOutDir: true,
    target: 'es2023',
    reportCompressedSize: true,
    chunkSizeWarningLimit: 1200,
  },
});
