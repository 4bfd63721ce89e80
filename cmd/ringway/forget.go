package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"ringway/cmd/internal/node"
	"ringway/console"
)

func forgetCommand() *cobra.Command {
	return &cobra.Command{
		Use: "forget CUSTOMER", Short: "Blank a customer's name, number and booking in all records", Args: cobra.ExactArgs(1),
		Long: "CUSTOMER is the id of the signed claims. Calls, times and the id itself stay, so no figure changes; what is\n" +
			"blank stays blank; her row in the customer store and the notes about her are deleted. It works with the switch running, calls that are up included, and with the switch stopped.",
		RunE: func(c *cobra.Command, args []string) error {
			if args[0] == "" {
				return misusedf("name a customer by the id of the signed claims")
			}
			f, err := console.NewClient(dataDir(c)).Forget(c.Context(), args[0])
			if errors.Is(err, console.ErrNotRunning) {
				f, err = node.Forget(c.Context(), dataDir(c), args[0])
			}
			if err != nil {
				return err
			}
			if f.Calls+f.Sessions+f.Rows+f.Notes == 0 {
				fmt.Fprintf(c.OutOrStdout(), "nothing on record names customer %s\n", args[0])
				return nil
			}
			fmt.Fprintf(c.OutOrStdout(), "customer %s is forgotten: %d call records, %d app sessions, %d notes\n", args[0], f.Calls, f.Sessions, f.Notes)
			return nil
		},
	}
}
