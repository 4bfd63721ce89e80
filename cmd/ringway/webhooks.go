package main

import (
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"ringway/console"
	"ringway/store/report"
)

func webhooksCommand() *cobra.Command {
	asJSON, resend := false, false
	c := &cobra.Command{
		Use: "webhooks [NAME]", Short: "List webhooks, or what one of them did not take",
		Long: "Without NAME: the webhooks of ringway.yaml and how they are doing. With NAME: the deliveries that were given up; --resend sends all of\n" +
			"them again. What is pending is tried again by itself.",
		Args:    cobra.MaximumNArgs(1),
		Example: "  ringway webhooks\n  ringway webhooks helpdesk\n  ringway webhooks helpdesk --resend",
		RunE: func(c *cobra.Command, args []string) error {
			client := console.NewClient(dataDir(c))
			switch {
			case len(args) == 0 && resend:
				return misusedf("resend what? write 'ringway webhooks NAME --resend'")
			case len(args) == 0:
				list, err := client.Webhooks(c.Context())
				if err != nil {
					return err
				}
				return show(c, asJSON, list, webhookTable)
			case resend:
				n, err := client.ResendDead(c.Context(), args[0])
				if err == nil {
					fmt.Fprintf(c.OutOrStdout(), "%d sent again\n", n.Count)
				}
				return err
			}
			list, err := client.DeadDeliveries(c.Context(), args[0])
			if err != nil {
				return err
			}
			return show(c, asJSON, list, deadTable)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.Flags().BoolVar(&resend, "resend", false, "send all deliveries again that were given up")
	return c
}

// show prints a list as JSON or as a table.
func show[T any](c *cobra.Command, asJSON bool, list []T, table func(*cobra.Command, []T) report.Listing) error {
	if asJSON {
		return printJSON(c.OutOrStdout(), list)
	}
	return table(c, list).WriteTable(c.OutOrStdout())
}

func webhookTable(_ *cobra.Command, list []console.WebhookView) report.Listing {
	out := report.Listing{Head: []string{"webhook", "state", "pending", "delivered", "dead", "last error"}}
	for _, w := range list {
		out.Rows = append(out.Rows, []string{w.Name, w.State, strconv.Itoa(w.Pending), strconv.Itoa(w.Delivered), strconv.Itoa(w.Dead), w.Error})
	}
	if len(list) == 0 {
		out.Below = []string{"nobody is told what happens: see 'webhooks' in ringway.yaml"}
	}
	return out
}

func deadTable(c *cobra.Command, list []console.DeliveryView) report.Listing {
	zone := companyZone(c)
	out := report.Listing{Above: []string{"time zone " + zone.String()}, Head: []string{"delivery", "event", "message", "created", "tries", "error"}}
	for _, d := range list {
		out.Rows = append(out.Rows, []string{strconv.FormatInt(d.ID, 10), d.Kind, d.Message, stamp(d.Created, zone), strconv.Itoa(d.Attempts), d.Error})
	}
	if len(list) == 0 {
		out.Below = []string{"nothing was given up"}
	}
	return out
}
