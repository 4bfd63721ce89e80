import { Button } from "@mantine/core";
import { lazy, Suspense, useEffect } from "react";
import { Redirect, Route, Switch, useLocation } from "wouter";
import type { Me } from "../api/types";
import { loadMore, useT } from "../i18n";
import { useStore } from "../lib/store";
import { InvitationPage, LoginDialog, LoginPage, SetupPage } from "../session/pages";
import { resume, session } from "../session/session";
import { Icon } from "../ui/Icon";
import { Waiting } from "../ui/Page";
import { Toasts } from "../ui/toast";
import { ErrorBoundary } from "./ErrorBoundary";
import { home, pagesOf, servesQueues } from "./pages";
import { Shell } from "./Shell";

// The other pages come with their words.
function page(load: () => Promise<{ default: React.ComponentType }>) {
  return lazy(async () => (await Promise.all([load(), loadMore()]))[0]);
}

const Desk = lazy(() => import("../desk/Desk"));
const DeskEffects = lazy(() => import("../desk/DeskEffects").then(m => ({ default: m.DeskEffects })));
const Calls = page(() => import("../calls/Calls"));
const Call = page(() => import("../calls/Call"));
const Customers = page(() => import("../customers/Customers"));
const CustomerPage = page(() => import("../customers/Customer"));
const Board = page(() => import("../board/Board"));
const Today = page(() => import("../reports/Today"));
const Reports = page(() => import("../reports/Reports"));
const Plan = page(() => import("../plan/Plan"));
const System = page(() => import("../system/System"));
const Profile = page(() => import("../session/Profile"));

export function App() {
  const s = useStore(session);
  const [at] = useLocation();
  useT();
  useEffect(() => {
    void resume();
  }, []);
  let shown = null;
  if (at === "/setup") shown = <SetupPage />;
  else if (at === "/invitation") shown = <InvitationPage />;
  else if (s.state === "starting") shown = <Waiting />;
  else if (s.state === "offline") shown = <Offline />;
  else if (s.state === "out") shown = <LoginPage />;
  else shown = <Inside me={s.me} />;
  return (
    <>
      {shown}
      {s.state === "expired" && <LoginDialog me={s.me} />}
      <Toasts />
    </>
  );
}

function Inside({ me }: { me: Me }) {
  const [at] = useLocation();
  const allowed = (path: string) => pagesOf(me).some(p => p.path === path);
  return (
    <Shell me={me}>
      {servesQueues(me) && (
        <ErrorBoundary>
          <Suspense fallback={null}>
            <DeskEffects person={me.id} />
          </Suspense>
        </ErrorBoundary>
      )}
      <ErrorBoundary where={at}>
        <Suspense fallback={<Waiting />}>
          <Switch>
            {["/", "/login"].map(path => (
              <Route key={path} path={path}>
                <Redirect to={home(me)} replace />
              </Route>
            ))}
            {allowed("/desk") && <Route path="/desk" component={Desk} />}
            {allowed("/board") && <Route path="/board" component={Board} />}
            {allowed("/today") && <Route path="/today" component={Today} />}
            {allowed("/reports") && <Route path="/reports/:kind?" component={Reports} />}
            <Route path="/calls" component={Calls} />
            <Route path="/calls/:id" component={Call} />
            <Route path="/customers" component={Customers} />
            <Route path="/customers/:id" component={CustomerPage} />
            {allowed("/dialplan") && <Route path="/dialplan/:tab?" component={Plan} />}
            {allowed("/system") && <Route path="/system/:tab?" component={System} />}
            <Route path="/profile" component={Profile} />
            <Route component={NotFound} />
          </Switch>
        </Suspense>
      </ErrorBoundary>
    </Shell>
  );
}

function Offline() {
  const { t } = useT();
  useEffect(() => {
    const timer = setInterval(() => void resume(), 4000);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className="rw-empty" role="alert">
      <Icon name="warn" size={32} />
      <h2>{t("error.offline")}</h2>
      <Button variant="default" onClick={() => void resume()}>
        {t("common.again")}
      </Button>
    </div>
  );
}

function NotFound() {
  const { t } = useT();
  return (
    <div className="rw-empty">
      <h2>{t("error.not_found")}</h2>
    </div>
  );
}
