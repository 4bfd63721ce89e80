package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"ringway/console"
	"ringway/store"
	"ringway/store/report"
)

func agentCommand() *cobra.Command {
	queue := ""
	c := &cobra.Command{
		Use: "agent NAME join|leave|pause|resume [REASON]", Short: "Let an agent join or leave queues, pause or resume",
		Long: "NAME is the person's id in people.yaml. Without --queue, join and leave are for all queues that the agent may serve. A pause is\n" +
			"for all queues at once; its REASON is one short word for the reports.",
		Args:    cobra.RangeArgs(2, 3),
		Example: "  ringway agent mei join\n  ringway agent mei join --queue help\n  ringway agent mei pause lunch\n  ringway agent mei resume",
		RunE: func(c *cobra.Command, args []string) error {
			cmd := console.AgentCommand{Agent: args[0], Verb: args[1], Queue: queue}
			if len(args) == 3 {
				cmd.Reason = args[2]
			}
			if err := checkAgent(cmd, len(args) == 3); err != nil {
				return err
			}
			v, err := console.NewClient(dataDir(c)).Agent(c.Context(), cmd)
			if err != nil {
				return err
			}
			fmt.Fprintln(c.OutOrStdout(), agentLine(v))
			if v.State == string(store.Unreachable) {
				fmt.Fprintln(c.OutOrStdout(), "no phone of the agent is registered: calls come once one is; 'ringway bindings' lists phones")
			}
			return nil
		},
	}
	c.Flags().StringVar(&queue, "queue", "", "join or leave: one queue, by name or number, instead of all")
	return c
}

// checkAgent refuses words that would be ignored, so that nobody joins all queues who meant one.
func checkAgent(cmd console.AgentCommand, reason bool) error {
	if err := oneOf("verb", cmd.Verb, "join", "leave", "pause", "resume"); err != nil {
		return err
	}
	serves := cmd.Verb == "join" || cmd.Verb == "leave"
	switch {
	case reason && serves:
		return misusedf("%s takes no reason; if %q is a queue, write 'ringway agent %s %s --queue %s'", cmd.Verb, cmd.Reason, cmd.Agent, cmd.Verb, cmd.Reason)
	case reason && cmd.Verb != "pause":
		return misusedf("%s takes no reason", cmd.Verb)
	case reason && !store.IsReason(cmd.Reason):
		return misusedf("%q is no reason: write one short word of lower-case letters, digits, _ and -, as in lunch; it goes on record", cmd.Reason)
	case cmd.Queue != "" && !serves:
		return misusedf("an agent pauses and resumes in all queues at once: leave --queue out, or write 'ringway agent %s leave --queue %s'", cmd.Agent, cmd.Queue)
	}
	return nil
}

// stateWords is a state as it is said, with the reason.
func stateWords(v console.AgentView) string {
	s := strings.ReplaceAll(v.State, "_", " ")
	if v.Reason != "" {
		s += " (" + v.Reason + ")"
	}
	return s
}

func agentLine(v console.AgentView) string {
	s := v.Name + " is " + stateWords(v)
	if len(v.Queues) == 0 {
		return s + "; in no queue"
	}
	return s + "; in " + strings.Join(v.Queues, ", ")
}

func agentsCommand() *cobra.Command {
	asJSON := false
	c := &cobra.Command{
		Use: "agents", Short: "List agents with their states and queues", Args: cobra.NoArgs,
		Long: "offline: in no queue. available: gets the next call. unreachable: in a queue, but no phone is registered. not responding: let a\n" +
			"call ring; 'ringway agent NAME resume', or anything that the agent does at the phone, ends it.",
		RunE: func(c *cobra.Command, _ []string) error {
			list, err := console.NewClient(dataDir(c)).Agents(c.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(c.OutOrStdout(), list)
			}
			return agentTable(c, list).WriteTable(c.OutOrStdout())
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func agentTable(c *cobra.Command, list []console.AgentView) report.Listing {
	zone := companyZone(c)
	out := report.Listing{Above: []string{"time zone " + zone.String()}, Head: []string{"agent", "name", "state", "since", "queues"}}
	for _, v := range list {
		out.Rows = append(out.Rows, []string{v.ID, v.Name, stateWords(v), stamp(v.Since, zone), strings.Join(v.Queues, " ")})
	}
	out.Below = []string{whoCan(list)}
	return out
}

// whoCan says how many can take a call, or what lets somebody take one.
func whoCan(list []console.AgentView) string {
	in := map[string]int{}
	for _, v := range list {
		in[v.State]++
	}
	switch joined := len(list) - in[string(store.Offline)]; {
	case len(list) == 0:
		return "nobody may serve a queue: see people.yaml, and 'members' in queues.yaml"
	case in[string(store.Available)] > 0:
		return fmt.Sprintf("%d can take a call now", in[string(store.Available)])
	case joined == 0:
		return "nobody can take a call: 'ringway agent NAME join', or *45 at the phone, lets an agent serve"
	case in[string(store.Unreachable)] == joined:
		return "nobody can take a call: no phone of those who joined is registered; 'ringway bindings' lists phones"
	default:
		return "nobody can take a call now; 'ringway agent NAME resume', or *49 at the phone, makes an agent ready who is not ready or not responding"
	}
}

func bindingsCommand() *cobra.Command {
	asJSON := false
	c := &cobra.Command{
		Use: "bindings", Short: "List registered contacts: which phone is where", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			list, err := console.NewClient(dataDir(c)).Bindings(c.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(c.OutOrStdout(), list)
			}
			zone := companyZone(c)
			out := report.Listing{Above: []string{"time zone " + zone.String()}, Head: []string{"address", "contact", "expires", "phone"}}
			for _, b := range list {
				out.Rows = append(out.Rows, []string{b.AOR, b.Contact, stamp(b.Expires, zone), b.UserAgent})
			}
			if len(list) == 0 {
				out.Below = []string{"nobody is registered"}
			}
			return out.WriteTable(c.OutOrStdout())
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}
