import { Anchor, Button, Loader, Modal, NativeSelect, PasswordInput, PinInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { useLocation, useSearchParams } from "wouter";
import { call } from "../api/client";
import { Problem } from "../api/problem";
import type { LoginOptions, Me } from "../api/types";
import { type Lang, languages, setLang, useT } from "../i18n";
import { Icon } from "../ui/Icon";
import { words } from "../ui/toast";
import { logIn, logOut, wantsTOTP } from "./session";

function Frame({ title, children }: { title: string; children: ReactNode }) {
  const { t, lang } = useT();
  return (
    <main className="rw-login">
      <div className="rw-login-box">
        <div className="rw-login-brand">
          <img src="/favicon.svg" alt="" width={40} height={40} />
          <span>Ringway</span>
        </div>
        <h1>{title}</h1>
        {children}
      </div>
      <nav className="rw-login-langs" aria-label={t("nav.language")}>
        {(Object.keys(languages) as Lang[]).map(l => (
          <button type="button" key={l} lang={l} aria-pressed={l === lang} onClick={() => void setLang(l)}>
            {languages[l]}
          </button>
        ))}
      </nav>
    </main>
  );
}

export function LoginPage() {
  const { t, or } = useT();
  const [params] = useSearchParams();
  const problem = params.get("problem") ?? "";
  const options = useQuery({
    queryKey: ["login-options"],
    queryFn: () => call<LoginOptions>("GET", "/login", { quiet: true }).then(a => a.data),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Frame title={t("login.title")}>
      {problem && (
        <p className="rw-error" role="alert">
          <Icon name="warn" size={16} /> {or("login.problem", problem)}
        </p>
      )}
      <LoginForm />
      {options.data?.oidc && (
        <>
          <div className="rw-or">{t("login.or")}</div>
          <Button component="a" href="/api/v1/oidc/start" variant="default" fullWidth size="md">
            {t("login.oidc")}
          </Button>
        </>
      )}
      <p className="rw-dim rw-small">{t("login.help")}</p>
    </Frame>
  );
}

/** LoginDialog stands over the page when the session ended, so that nothing half-written is lost. */
export function LoginDialog({ me }: { me: Me }) {
  const { t } = useT();
  return (
    <Modal
      opened
      onClose={() => {}}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={t("login.expired")}
      size="sm"
      overlayProps={{ backgroundOpacity: 0.4 }}
    >
      <p className="rw-dim">{t("login.expired_hint", { name: me.name })}</p>
      <LoginForm />
      <Anchor component="button" type="button" size="sm" onClick={() => void logOut()}>
        {t("login.other")}
      </Anchor>
    </Modal>
  );
}

function LoginForm() {
  const { t } = useT();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [totp, setTOTP] = useState("");
  const [step, setStep] = useState<"password" | "totp">("password");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(0); // a code that is refused makes room for the next, which begins in the first box
  async function go(code = totp) {
    setBusy(true);
    setProblem(null);
    try {
      await logIn({ login: login.trim(), password, totp: code || undefined });
      return;
    } catch (e) {
      const p = e instanceof Problem ? e : new Problem(-1, String(e));
      if (step === "password" && wantsTOTP(p)) setStep("totp");
      else setProblem(p);
      setTOTP("");
      setFailed(n => n + 1);
    }
    setBusy(false);
  }
  const submit = (e: FormEvent) => {
    e.preventDefault();
    void go();
  };
  const said =
    problem &&
    (problem.status === 401 ? t(step === "totp" ? "login.bad_code" : "login.bad") : words(problem, "login", "password", "totp"));
  return (
    <form onSubmit={submit} className="rw-stack" aria-busy={busy}>
      {step === "password" ? (
        <>
          <TextInput
            label={t("login.login")}
            size="md"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            withAsterisk={false}
            data-autofocus
            autoFocus
            value={login}
            onChange={e => setLogin(e.currentTarget.value)}
            error={problem?.at("login")}
          />
          <PasswordInput
            label={t("login.password")}
            size="md"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={e => setPassword(e.currentTarget.value)}
            error={problem?.at("password")}
            visibilityToggleButtonProps={{ "aria-label": t("login.show") }}
          />
        </>
      ) : (
        <div>
          <p>{t("login.code")}</p>
          <PinInput
            key={failed}
            length={6}
            type="number"
            oneTimeCode
            autoFocus
            size="md"
            aria-label={t("login.code")}
            value={totp}
            onChange={setTOTP}
            onComplete={code => void go(code)}
            error={!!problem}
          />
        </div>
      )}
      {said && (
        <p className="rw-error" role="alert">
          <Icon name="warn" size={16} /> {said}
        </p>
      )}
      <Button type="submit" size="md" fullWidth loading={busy}>
        {t("login.go")}
      </Button>
      {step === "totp" && (
        <Anchor
          component="button"
          type="button"
          size="sm"
          className="rw-start"
          onClick={() => {
            setStep("password");
            setProblem(null);
          }}
        >
          {t("common.back")}
        </Anchor>
      )}
    </form>
  );
}

export function SetupPage() {
  const { t } = useT();
  return (
    <Frame title={t("setup.title")}>
      <p className="rw-dim">{t("setup.hint")}</p>
      <NewPassword path="/setup" />
    </Frame>
  );
}

export function InvitationPage() {
  const { t } = useT();
  return (
    <Frame title={t("invitation.title")}>
      <p className="rw-dim">{t("invitation.hint")}</p>
      <NewPassword path="/invitation" />
    </Frame>
  );
}

interface Invited {
  kind: "setup" | "person";
  people: { id: string; name: string; login: string }[] | null;
}

function NewPassword({ path }: { path: "/setup" | "/invitation" }) {
  const { t } = useT();
  const [params] = useSearchParams();
  const [, go] = useLocation();
  const token = params.get("token") ?? "";
  const invited = useQuery({
    queryKey: ["invited", token],
    queryFn: () => call<Invited>("POST", "/invitation/look", { body: { token }, quiet: true }).then(a => a.data),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const people = invited.data?.people ?? [];
  const [chosen, setChosen] = useState("");
  const person = chosen || people[0]?.id || "";
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const differ = again !== "" && again !== password;
  async function submit(e: FormEvent) {
    e.preventDefault();
    if (again !== password) return;
    setBusy(true);
    setProblem(null);
    try {
      const body = { token, password, ...(path === "/setup" ? { person } : {}) };
      const { data } = await call<{ login: string }>("POST", path, { body, quiet: true });
      await logIn({ login: data.login, password });
      go("/", { replace: true });
    } catch (err) {
      setProblem(err instanceof Problem ? err : new Problem(-1, String(err)));
      setBusy(false);
    }
  }
  if (invited.isPending) return <Loader />;
  if (invited.error instanceof Problem && invited.error.status !== 0 && invited.error.status < 500)
    return (
      <p className="rw-error" role="alert">
        <Icon name="warn" size={16} /> {t("setup.bad_link")}
      </p>
    );
  const gone = problem && [401, 403, 404, 410].includes(problem.status);
  const said = problem && (gone ? t("setup.bad_link") : words(problem, "person", "password"));
  return (
    <form onSubmit={submit} className="rw-stack">
      {path === "/setup" ? (
        <NativeSelect
          label={t("setup.person")}
          size="md"
          value={person}
          onChange={e => setChosen(e.currentTarget.value)}
          data={people.map(p => ({ value: p.id, label: `${p.name} (${p.login})` }))}
          error={problem?.at("person")}
        />
      ) : (
        people[0] && (
          <p>
            <b>{people[0].name}</b> · <span className="rw-mono">{people[0].login}</span>
          </p>
        )
      )}
      <input type="hidden" autoComplete="username" value={people.find(p => p.id === person)?.login ?? ""} readOnly />
      <PasswordInput
        label={t("setup.password")}
        description={t("setup.password_hint")}
        size="md"
        required
        withAsterisk={false}
        autoComplete="new-password"
        value={password}
        onChange={e => setPassword(e.currentTarget.value)}
        error={problem?.at("password")}
        visibilityToggleButtonProps={{ "aria-label": t("login.show") }}
      />
      <PasswordInput
        label={t("setup.again")}
        size="md"
        required
        withAsterisk={false}
        autoComplete="new-password"
        value={again}
        onChange={e => setAgain(e.currentTarget.value)}
        error={differ ? t("setup.differ") : undefined}
        visibilityToggleButtonProps={{ "aria-label": t("login.show") }}
      />
      {said && (
        <p className="rw-error" role="alert">
          <Icon name="warn" size={16} /> {said}
        </p>
      )}
      <Button type="submit" size="md" fullWidth loading={busy} disabled={differ}>
        {t("setup.go")}
      </Button>
    </form>
  );
}
