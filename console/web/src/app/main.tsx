import "@mantine/core/styles.css";
import "./app.css";
import "../desk/desk.css";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Problem } from "../api/problem";
import { startI18n } from "../i18n";
import { App } from "./App";
import { ErrorBoundary } from "./ErrorBoundary";
import { theme } from "./theme";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: true,
      // What the server refuses it will refuse again; only a lost network is worth another try.
      retry: (n, e) => n < 2 && (!(e instanceof Problem) || e.status === 0 || e.status >= 502),
    },
    mutations: { retry: false },
  },
});

const nonce = () => document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";

export async function start(root: HTMLElement): Promise<void> {
  // The scroll lock under dialogs makes a style sheet of its own and looks for its nonce here.
  Object.assign(globalThis, { __webpack_nonce__: nonce() });
  await startI18n();
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={nonce}>
        <QueryClientProvider client={queries}>
          <ErrorBoundary>
            <App />
          </ErrorBoundary>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
