import { Button, type ButtonProps, Modal } from "@mantine/core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useT } from "../i18n";
import { Icon } from "./Icon";
import { words } from "./toast";

interface Question {
  title: string;
  yes?: string; // what is done, where the title does not say it
  children: ReactNode; // what will be gone, and whether it comes back
  act(): Promise<unknown>;
  done?(): void;
}

/** Confirm asks before something is done that does not come back. The first answer by keyboard is no. What went wrong is said where
    the question was, so that one can try again. */
export function Confirm({
  opened,
  close,
  title,
  yes = title,
  children,
  act,
  done,
}: Question & { opened: boolean; close(): void }) {
  const { t } = useT();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const leave = () => {
    if (busy) return;
    setError("");
    close();
  };
  async function go() {
    setBusy(true);
    setError("");
    try {
      await act();
      close();
      done?.();
    } catch (e) {
      setError(words(e));
    }
    setBusy(false);
  }
  return (
    <Modal opened={opened} onClose={leave} title={title} closeButtonProps={{ "aria-label": t("common.close") }}>
      <div className="rw-ask">{children}</div>
      {error && (
        <p className="rw-error" role="alert">
          <Icon name="warn" size={16} /> {error}
        </p>
      )}
      <div className="rw-row rw-end">
        <Button variant="default" onClick={leave} data-autofocus>
          {t("common.cancel")}
        </Button>
        <Button color="red" loading={busy} onClick={() => void go()}>
          {yes}
        </Button>
      </div>
    </Modal>
  );
}

interface Asking extends Question, Omit<ButtonProps, keyof Question> {
  label: ReactNode;
  of?: string; // what the button belongs to, for those who hear it among others of its name
}

/** ConfirmButton is a button that asks first. The focus comes back to it; where it went away with its row, to the list. */
export function ConfirmButton({ label, of, title, yes, children, act, done, ...button }: Asking) {
  const [opened, setOpened] = useState(false);
  const own = useRef<HTMLButtonElement>(null);
  const home = useRef<Element | null>(null);
  useEffect(
    () => () => {
      const list = home.current;
      if (list) setTimeout(() => comeBack(list), 50);
    },
    [],
  );
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        c="var(--rw-bad)"
        {...button}
        ref={own}
        aria-label={of ? `${label}: ${of}` : undefined}
        onClick={() => {
          home.current = own.current?.closest("[tabindex]") ?? null;
          setOpened(true);
        }}
      >
        {label}
      </Button>
      <Confirm opened={opened} close={() => setOpened(false)} title={title} yes={yes} act={act} done={done}>
        {children}
      </Confirm>
    </>
  );
}

/** comeBack gives the focus to a list whose row had it. */
function comeBack(list: Element) {
  if (document.activeElement && document.activeElement !== document.body) return;
  const to = list.isConnected ? list : document.getElementById("rw-main");
  (to as HTMLElement | null)?.focus({ preventScroll: true });
}
