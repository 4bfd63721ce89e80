// Command ringway is the switch and its tools: see `ringway help`. It holds commands, flags and exit codes; what they do
// stands in the packages below.
//
// Ownership: runKeys, which reads what a reader of the demo types, ends with its input or the process.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"ringway/console"
)

// version is set by the linker.
var version = "dev"

// Exit codes, the same for every command.
const (
	exitDone       = 0
	exitRefused    = 1 // refused, or findings
	exitUsage      = 2
	exitNotRunning = 5
)

// failed is an error of a command that was called correctly.
type failed struct{ err error }

func (f failed) Error() string { return f.err.Error() }
func (f failed) Unwrap() error { return f.err }

// errFindings ends a command that has already printed why.
var errFindings = errors.New("findings")

func main() {
	surviveFileLimits()
	cobra.EnableCommandSorting = false // the order of the list below is that of the help
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is main without the process: it returns the exit code.
func run(ctx context.Context, args []string, out, errOut io.Writer) int {
	root := rootCommand()
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errOut)
	at, err := root.ExecuteContextC(ctx)
	var f failed
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errFindings):
		return exitRefused
	case errors.Is(err, console.ErrNotRunning):
		fmt.Fprintln(errOut, "ringway:", err)
		return exitNotRunning
	case errors.As(err, &f):
		fmt.Fprintln(errOut, "ringway:", err)
		return exitRefused
	}
	fmt.Fprintf(errOut, "ringway: %v\n", err)
	if at.HasParent() {
		fmt.Fprintf(errOut, "usage: %s; '%s --help' tells more\n", at.UseLine(), at.CommandPath())
	} else {
		fmt.Fprintln(errOut, "'ringway help' lists the commands")
	}
	return exitUsage
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "ringway",
		Short:         "A SIP switch that finds the agent who can help",
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.PersistentFlags().String("data", "./ringway-data", "data folder: database, control socket, spool")
	root.CompletionOptions.HiddenDefaultCmd = true
	for _, c := range commands {
		cmd := c()
		wrap(cmd)
		root.AddCommand(cmd)
	}
	return root
}

// commands is the one list of what ringway can do, in the order of the help text.
var commands = []func() *cobra.Command{
	demoCommand,
	initCommand,
	checkCommand,
	serveCommand,
	reloadCommand,
	statusCommand,
	agentCommand,
	agentsCommand,
	bindingsCommand,
	webhooksCommand,
	tokenCommand,
	forgetCommand,
	callsCommand,
	callCommand,
	reportCommand,
	explainCommand,
}

// wrap marks what a command's own work returns, so that anything else, and what the command calls misused, is an error of
// usage.
func wrap(c *cobra.Command) {
	for _, sub := range c.Commands() {
		wrap(sub)
	}
	if do := c.RunE; do != nil {
		c.RunE = func(c *cobra.Command, args []string) error {
			if dataDir(c) == "" { // as of a variable that is not set: it would be the present folder
				return misusedf("--data is empty: name a folder, as in --data ./ringway-data")
			}
			err := do(c, args)
			if err == nil || isMisused(err) {
				return err
			}
			return failed{err}
		}
	}
}

func dataDir(c *cobra.Command) string {
	dir, err := c.Flags().GetString("data")
	if err != nil {
		panic(err) // the flag is declared above
	}
	return dir
}
