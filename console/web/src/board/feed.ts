// The live board over its stream.
import { queryString } from "../api/client";
import { type Status, stream } from "../api/sse";
import type { Board } from "../api/types";
import { clock } from "../lib/clock";
import { Store } from "../lib/store";

export interface BoardView {
  status: Status;
  retryAt?: number;
  board: Board | null;
}

export const boardView = new Store<BoardView>({ status: "connecting", board: null });

/** watchBoard holds the stream while somebody looks, with formulas in her language; a token is that of a wall without log-in. */
export function watchBoard(lang: string, token?: string): () => void {
  const s = stream({
    url: `/api/v1/board/stream${queryString({ lang, token })}`,
    onMessage(m) {
      if (m.event !== "board" && m.event !== "message") return;
      const board = JSON.parse(m.data) as Board;
      clock.sync(board.now);
      boardView.set(v => ({ ...v, board }));
    },
    onStatus: (status, retryAt) => boardView.set(v => ({ ...v, status, retryAt })),
  });
  return () => s.stop();
}
