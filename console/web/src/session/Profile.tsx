import { Button, PasswordInput, PinInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useMemo, useState } from "react";
import { encode } from "uqr";
import { post } from "../api/client";
import { Problem } from "../api/problem";
import { useT } from "../i18n";
import { useStore } from "../lib/store";
import { Icon } from "../ui/Icon";
import { PageHead } from "../ui/Page";
import { toast, words } from "../ui/toast";
import { refreshMe, session } from "./session";

export default function Profile() {
  const { t } = useT();
  const me = useStore(session, s => ("me" in s ? s.me : null));
  if (!me) return null;
  return (
    <div className="rw-page rw-narrow">
      <PageHead
        title={t("profile.title")}
        sub={`${me.name} · ${t(`role.${me.role}`)}${me.team ? ` · ${me.team_name || me.team}` : ""}`}
      />
      <ChangePassword />
      {me.totp ? <EndTOTP /> : <BeginTOTP />}
    </div>
  );
}

function asProblem(e: unknown): Problem | null {
  return e instanceof Problem ? e : null;
}

function Said({ error, shown }: { error: unknown; shown: string[] }) {
  const text = error ? words(error, ...shown) : "";
  return text ? (
    <p className="rw-error" role="alert">
      <Icon name="warn" size={16} /> {text}
    </p>
  ) : null;
}

function ChangePassword() {
  const { t } = useT();
  const [old, setOld] = useState("");
  const [password, setPassword] = useState("");
  const save = useMutation({
    mutationFn: () => post("/me/password", { old, password }),
    onSuccess: () => {
      setOld("");
      setPassword("");
      toast(t("profile.password_changed"));
    },
  });
  const p = asProblem(save.error);
  return (
    <section className="rw-panel">
      <div className="rw-panel-head">
        <h3>{t("profile.password")}</h3>
      </div>
      <form
        className="rw-stack"
        onSubmit={(e: FormEvent) => {
          e.preventDefault();
          save.mutate();
        }}
      >
        <PasswordInput
          label={t("profile.old")}
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={old}
          onChange={e => setOld(e.currentTarget.value)}
          error={p?.at("old")}
        />
        <PasswordInput
          label={t("setup.password")}
          description={t("setup.password_hint")}
          autoComplete="new-password"
          required
          withAsterisk={false}
          value={password}
          onChange={e => setPassword(e.currentTarget.value)}
          error={p?.at("password")}
        />
        <Said error={save.error} shown={["old", "password"]} />
        <div>
          <Button type="submit" loading={save.isPending}>
            {t("setup.go")}
          </Button>
        </div>
      </form>
    </section>
  );
}

function BeginTOTP() {
  const { t } = useT();
  const [password, setPassword] = useState("");
  const begin = useMutation({ mutationFn: () => post<{ secret: string; address: string }>("/me/totp", { password }) });
  const [failed, setFailed] = useState(0); // as at the log-in
  const confirm = useMutation({
    mutationFn: (code: string) => post("/me/totp/confirm", { code }),
    onError: () => setFailed(n => n + 1),
    onSuccess: async () => {
      await refreshMe();
      toast(t("profile.totp_on"));
    },
  });
  return (
    <section className="rw-panel">
      <div className="rw-panel-head">
        <h3>{t("profile.totp")}</h3>
      </div>
      <p className="rw-dim rw-hint">{t("profile.totp_hint")}</p>
      {begin.data ? (
        <div className="rw-totp">
          <QR text={begin.data.address} />
          <div className="rw-stack">
            <p>{t("profile.totp_scan")}</p>
            <code className="rw-mono rw-secret">{begin.data.secret.replace(/(.{4})/g, "$1 ")}</code>
            <PinInput
              key={failed}
              length={6}
              type="number"
              oneTimeCode
              autoFocus
              aria-label={t("login.code")}
              onComplete={c => confirm.mutate(c)}
            />
            {confirm.error instanceof Problem && confirm.error.at("code") ? (
              <p className="rw-error" role="alert">
                <Icon name="warn" size={16} /> {t("login.bad_code")}
              </p>
            ) : (
              <Said error={confirm.error} shown={[]} />
            )}
          </div>
        </div>
      ) : (
        <PasswordFirst
          label={t("profile.totp_begin")}
          error={begin.error}
          busy={begin.isPending}
          value={password}
          set={setPassword}
          go={() => begin.mutate()}
        />
      )}
    </section>
  );
}

function EndTOTP() {
  const { t } = useT();
  const [password, setPassword] = useState("");
  const end = useMutation({
    mutationFn: () => post("/me/totp/end", { password }),
    onSuccess: () => refreshMe(),
  });
  return (
    <section className="rw-panel">
      <div className="rw-panel-head">
        <h3>{t("profile.totp")}</h3>
        <span className="rw-badge" data-tone="good">
          <span className="rw-badge-dot" aria-hidden="true" />
          {t("profile.on")}
        </span>
      </div>
      <PasswordFirst
        label={t("profile.totp_end")}
        error={end.error}
        busy={end.isPending}
        value={password}
        set={setPassword}
        go={() => end.mutate()}
      />
    </section>
  );
}

function PasswordFirst(p: { label: string; error: unknown; busy: boolean; value: string; set(v: string): void; go(): void }) {
  const { t } = useT();
  return (
    <form
      className="rw-stack"
      onSubmit={(e: FormEvent) => {
        e.preventDefault();
        p.go();
      }}
    >
      <PasswordInput
        label={t("login.password")}
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={p.value}
        onChange={e => p.set(e.currentTarget.value)}
        error={asProblem(p.error)?.at("password")}
      />
      <Said error={p.error} shown={["password"]} />
      <div>
        <Button type="submit" variant="default" loading={p.busy}>
          {p.label}
        </Button>
      </div>
    </form>
  );
}

function QR({ text }: { text: string }) {
  const { t } = useT();
  const { data, size } = useMemo(() => encode(text, { border: 2 }), [text]);
  const path = data.flatMap((row, y) => row.map((on, x) => (on ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  return (
    <svg className="rw-qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={t("profile.qr")} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
