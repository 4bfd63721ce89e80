import { norm, tone } from "../desk/states";
import { useT } from "../i18n";

export function StateBadge({ state, reason }: { state: string; reason?: string }) {
  const { or } = useT();
  return (
    <span className="rw-badge" data-tone={tone(state)}>
      <span className="rw-badge-dot" aria-hidden="true" />
      {or("state", norm(state))}
      {reason && <span className="rw-dim"> · {or("reason", reason)}</span>}
    </span>
  );
}
