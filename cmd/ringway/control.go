package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"ringway/console"
)

func reloadCommand() *cobra.Command {
	return &cobra.Command{
		Use: "reload", Short: "Let the running switch read its configuration again", Args: cobra.NoArgs,
		Long: "A good configuration is applied at once and as a whole; calls that are up keep the one they started with.\n" +
			"A bad one is refused with all findings, and nothing changes. SIGHUP does the same.",
		RunE: func(c *cobra.Command, _ []string) error {
			r, err := console.NewClient(dataDir(c)).Reload(c.Context())
			if err != nil {
				return err
			}
			fmt.Fprint(c.OutOrStdout(), r.Report)
			if !r.Applied {
				fmt.Fprintf(c.OutOrStdout(), "refused; still on configuration %s\n", r.Version)
				return errFindings
			}
			fmt.Fprintf(c.OutOrStdout(), "configuration %s is in force\n", r.Version)
			for _, change := range r.Changes {
				fmt.Fprintln(c.OutOrStdout(), "  "+change)
			}
			return nil
		},
	}
}

func statusCommand() *cobra.Command {
	asJSON := false
	c := &cobra.Command{
		Use: "status", Short: "How the running switch is doing", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := console.NewClient(dataDir(c)).Status(c.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(c.OutOrStdout(), s)
			}
			w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
			row(w, "node", s.Node)
			row(w, "version", s.Version)
			row(w, "configuration", s.Config)
			row(w, "up since", s.Started.Local().Format(time.DateTime))
			row(w, "listening on", strings.Join(s.Listeners, ", "))
			row(w, "calls", fmt.Sprint(s.Calls))
			row(w, "waiting", fmt.Sprint(s.Waiting))
			row(w, "agents logged in", fmt.Sprint(s.Agents))
			row(w, "registered contacts", fmt.Sprint(s.Bindings))
			row(w, "records", recordsLine(s.Records))
			row(w, "network", networkLine(s.Network))
			return w.Flush()
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func recordsLine(h console.RecordsHealth) string {
	s := "written"
	if h.Degraded {
		s = fmt.Sprintf("the database can't be written (%s); %d records wait", h.Error, h.Waiting)
	}
	if h.Lost > 0 {
		s += fmt.Sprintf("; %d lost beyond the bound", h.Lost)
	}
	return s
}

func networkLine(h console.NetworkHealth) string {
	if h.SIPDropped == 0 && h.RTPDropped == 0 && h.SIPShed == 0 {
		return "no datagram dropped"
	}
	return fmt.Sprintf("receive buffers overflowed: %d SIP and %d RTP datagrams dropped; %d SIP messages shed", h.SIPDropped, h.RTPDropped, h.SIPShed)
}

func agentCommand() *cobra.Command {
	queue := ""
	c := &cobra.Command{
		Use: "agent NAME join|leave|pause|resume [REASON]", Short: "Let an agent join or leave queues, pause or resume",
		Args: cobra.RangeArgs(2, 3), ValidArgs: []string{"join", "leave", "pause", "resume"},
		Example: "  ringway agent mei join\n  ringway agent mei join --queue help\n  ringway agent mei pause lunch",
		RunE: func(c *cobra.Command, args []string) error {
			cmd := console.AgentCommand{Agent: args[0], Verb: args[1], Queue: queue}
			if len(args) == 3 {
				cmd.Reason = args[2]
			}
			v, err := console.NewClient(dataDir(c)).Agent(c.Context(), cmd)
			if err != nil {
				return err
			}
			fmt.Fprintln(c.OutOrStdout(), agentLine(v))
			return nil
		},
	}
	c.Flags().StringVar(&queue, "queue", "", "one queue instead of all that the agent may serve")
	return c
}

func agentLine(v console.AgentView) string {
	s := fmt.Sprintf("%s is %s", v.Name, strings.ReplaceAll(v.State, "_", " "))
	if v.Reason != "" {
		s += " (" + v.Reason + ")"
	}
	if len(v.Queues) == 0 {
		return s + "; in no queue"
	}
	return s + "; in " + strings.Join(v.Queues, ", ")
}

func agentsCommand() *cobra.Command {
	asJSON := false
	c := &cobra.Command{
		Use: "agents", Short: "List agents with their states and queues", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			list, err := console.NewClient(dataDir(c)).Agents(c.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(c.OutOrStdout(), list)
			}
			w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
			row(w, "AGENT", "NAME", "STATE", "SINCE", "QUEUES")
			for _, v := range list {
				state := strings.ReplaceAll(v.State, "_", " ")
				if v.Reason != "" {
					state += " (" + v.Reason + ")"
				}
				since := ""
				if !v.Since.IsZero() {
					since = v.Since.Local().Format(time.TimeOnly)
				}
				row(w, v.ID, v.Name, state, since, strings.Join(v.Queues, " "))
			}
			return w.Flush()
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func row(w io.Writer, cells ...string) { fmt.Fprintln(w, strings.Join(cells, "\t")) }

func printJSON[T any](w io.Writer, v T) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
