import { Link } from "wouter";
import { useT } from "../i18n";
import { useFindings } from "../i18n/findings";
import { editLink, place } from "./position";
import type { SimStep } from "./types";

const tones: Record<string, string> = {
  fail: "bad",
  end: "away",
  branch: "busy",
  enter: "good",
  skip: "away",
  message: "hold",
  key: "ring",
  hang_up: "ring",
};

/** SimSteps lists what the dialplan and the caller did, each with its place in the files. */
export function SimSteps({ all }: { all: SimStep[] }) {
  return (
    <ol className="rw-panel rw-sim-steps">
      {all.map((x, i) => (
        <Step key={i} x={x} />
      ))}
    </ol>
  );
}

function Step({ x }: { x: SimStep }) {
  const { or } = useT();
  const said = useSaid();
  const tell = useFindings();
  return (
    <li data-tone={x.error ? "bad" : (tones[x.kind] ?? "away")}>
      <span className="rw-num rw-dim">+{x.after_seconds.toFixed(1)}</span>
      <span className="rw-badge">{or("simkind", x.kind)}</span>
      <span className="rw-sim-text">
        {x.label && <b>{x.label}: </b>}
        {said(x)}
        {x.kind === "finish" && x.result && <code className="rw-mono"> → {x.result}</code>}
        {x.error && <span className="rw-sim-error"> {tell(x.error, x.error_said)}</span>}
      </span>
      {x.file && (
        <Link className="rw-link rw-mono" href={editLink(x)}>
          {place(x)}
        </Link>
      )}
    </li>
  );
}

/** useSaid tells one thing that happened in the reader's language; steps stay as the administrator wrote them. */
function useSaid(): (x: SimStep) => string {
  const { t, or } = useT();
  return x => {
    switch (x.kind) {
      case "enter":
        return x.detail && x.detail !== x.exten
          ? t("simstep.enter_as", { exten: x.exten, context: x.context, number: x.detail })
          : t("simstep.enter", { exten: x.exten, context: x.context });
      case "branch":
        return t("simstep.branch", { to: x.detail });
      case "end":
        return or("cause", x.result);
      case "key":
        return t(x.spoken ? "simstep.key_spoken" : "simstep.key", { keys: x.keys });
      case "hang_up":
        return t("simstep.hang_up");
      case "message":
        return x.detail ?? "";
      default:
        return x.written ? `${x.step}: ${x.written}` : (x.step ?? x.text);
    }
  };
}
