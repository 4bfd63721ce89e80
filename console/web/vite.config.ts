import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The page's policy allows scripts of the own origin only: nothing is inlined into index.html, and no data: URL is made.
export default defineConfig({
  plugins: [react()],
  base: "/",
  build: {
    outDir: "dist",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    target: "es2022",
    manifest: "assets/manifest.json",
    chunkSizeWarningLimit: 2000,
  },
  server: { host: "127.0.0.1", proxy: { "/api": "http://127.0.0.1:8080" } },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
