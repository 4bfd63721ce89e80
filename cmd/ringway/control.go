package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"ringway/cmd/internal/node"
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
		Long: "Times are told in the company's zone ('zone' in ringway.yaml). Datagrams that were dropped or shed mean that the machine is\ntoo slow or too busy; records that wait mean that the database can't be written.",
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := console.NewClient(dataDir(c)).Status(c.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(c.OutOrStdout(), s)
			}
			w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
			row(w, "node", s.Node+", version "+s.Version)
			row(w, "configuration", s.Config)
			row(w, "up since", stamp(s.Started, s.Location())+" "+s.Location().String()+", "+time.Since(s.Started).Round(time.Second).String())
			row(w, "listening on", strings.Join(s.Listeners, ", "))
			row(w, "calls up", fmt.Sprint(s.Calls))
			row(w, "waiting in queues", fmt.Sprint(s.Waiting))
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
	s := "all written"
	if h.Waiting > 0 {
		s = fmt.Sprintf("written, %d on their way", h.Waiting)
	}
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

// stamp is an instant in a zone, to the second; whoever prints it names the zone.
func stamp(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format(time.DateTime)
}

// companyZone is the time zone of the company whose data folder it is.
func companyZone(c *cobra.Command) *time.Location {
	notes, err := node.ReadNotes(dataDir(c))
	if err != nil {
		return time.UTC // no switch has run there yet
	}
	return notes.Location()
}

func row(w io.Writer, cells ...string) { fmt.Fprintln(w, strings.Join(cells, "\t")) }

func printJSON[T any](w io.Writer, v T) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
