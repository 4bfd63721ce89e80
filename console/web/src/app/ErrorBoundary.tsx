import { Button } from "@mantine/core";
import { Component, type ReactNode } from "react";
import { say } from "../i18n";
import { Icon } from "../ui/Icon";

/** ErrorBoundary keeps a fault of one part from taking the page with it. */
export class ErrorBoundary extends Component<{ children: ReactNode; where?: string }, { error: Error | null }> {
  state = { error: null as Error | null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  componentDidUpdate(before: { where?: string }) {
    if (before.where !== this.props.where && this.state.error) this.setState({ error: null });
  }

  render() {
    if (!this.state.error) return this.props.children;
    // A page of an older build asks for files that a newer one no longer has.
    const stale = /dynamically imported|module script|preload/i.test(this.state.error.message);
    return (
      <div className="rw-empty" role="alert">
        <Icon name="warn" size={32} />
        <h2>{say(stale ? "error.stale" : "error.broken")}</h2>
        <p className="rw-dim">{stale ? "" : this.state.error.message}</p>
        <div className="rw-row">
          {!stale && (
            <Button variant="default" onClick={() => this.setState({ error: null })}>
              {say("common.again")}
            </Button>
          )}
          <Button onClick={() => location.reload()}>{say("common.reload")}</Button>
        </div>
      </div>
    );
  }
}
