package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"ringway/cmd/internal/demo"
	"ringway/config"
)

func demoCommand() *cobra.Command {
	var o demo.Options
	var every time.Duration
	c := &cobra.Command{
		Use: "demo", Short: "Run a sample company with robot customers and agents", Args: cobra.NoArgs,
		Long: "Makes a configuration in DATA/demo at the first start, runs a switch on it, places one call end to end and says what each\n" +
			"side heard, then shows how to join with a phone of your own. Robots keep calling until Ctrl-C. The log is DATA/demo.log.\n" +
			"Without --lan only this machine can reach it.",
		RunE: func(c *cobra.Command, _ []string) error {
			o.Data, o.Out, o.Version, o.Program = dataDir(c), c.OutOrStdout(), version, os.Args[0]
			if c.Flags().Changed("data") {
				o.Program += " --data " + o.Data
			}
			log, err := openLog(o.Data)
			if err != nil {
				return err
			}
			defer log.Close()
			o.Log = logger(log, config.Log{Level: "info"})
			if every <= 0 {
				o.Every = -1
			} else {
				o.Every = every
			}
			surviveBackground()
			keys := make(chan string)
			o.Keys = keys
			go runKeys(c.Context(), c.InOrStdin(), keys)
			return demo.Run(c.Context(), o)
		},
	}
	f := c.Flags()
	f.BoolVar(&o.Once, "once", false, "end after the check of the first call: 0 when all is well, else 1")
	f.BoolVar(&o.LAN, "lan", false, "listen on all addresses, so that phones of this network can join")
	f.DurationVar(&every, "every", 35*time.Second, "time between two calls of robot customers; 0: they call only when you press a key")
	f.DurationVar(&o.Talk, "talk", 20*time.Second, "length of the robots' conversations")
	f.BoolVar(&o.NoPast, "no-past", false, "make up no calls for the thirty days before the first start")
	f.BoolVar(&o.Quiet, "quiet", false, "do not show how to join")
	return c
}

// runKeys passes on what is typed. It ends with the input, or at the first line after ctx: a read from a terminal can't be ended,
// and is not worth waiting for when the program ends.
func runKeys(ctx context.Context, in io.Reader, to chan<- string) {
	defer close(to)
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		select {
		case to <- lines.Text():
		case <-ctx.Done():
			return
		}
	}
}

// maxLog is the size above which the demo's log begins anew.
const maxLog = 10 << 20

// openLog opens the demo's log at its end.
func openLog(data string) (*os.File, error) {
	if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, err
	}
	path := filepath.Join(data, "demo.log")
	mode := os.O_CREATE | os.O_APPEND | os.O_WRONLY
	if info, err := os.Stat(path); err == nil && info.Size() > maxLog {
		mode |= os.O_TRUNC
	}
	return os.OpenFile(path, mode, 0o600)
}
