package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"regexp"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/lmittmann/tint"
	"github.com/spf13/cobra"

	"ringway/cmd/internal/node"
	"ringway/config"
	"ringway/config/diag"
	"ringway/console"
	"ringway/store"
)

func initCommand() *cobra.Command {
	return &cobra.Command{
		Use: "init DIR", Short: "Write a commented starter configuration", Args: oneFolder,
		RunE: func(c *cobra.Command, args []string) error {
			if err := config.Init(args[0]); err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "%s holds a configuration; its secrets are in %s/secrets.\nCheck it with 'ringway check %s', start it with 'ringway serve %s'.\n",
				args[0], args[0], args[0], args[0])
			return nil
		},
	}
}

func checkCommand() *cobra.Command {
	asJSON := false
	c := &cobra.Command{
		Use: "check DIR", Short: "Check a configuration and show all findings at once", Args: oneFolder,
		RunE: func(c *cobra.Command, args []string) error {
			loaded, found, source := config.Load(args[0])
			if asJSON {
				list := found.All()
				if list == nil {
					list = []diag.Finding{}
				}
				if err := json.NewEncoder(c.OutOrStdout()).Encode(list); err != nil {
					return err
				}
			} else if err := diag.Render(c.OutOrStdout(), found, source); err != nil {
				return err
			}
			if loaded == nil {
				return errFindings
			}
			if !asJSON {
				fmt.Fprintf(c.OutOrStdout(), "%s: good (version %s)\n", args[0], loaded.Version)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the findings as JSON")
	return c
}

func serveCommand() *cobra.Command {
	return &cobra.Command{
		Use: "serve DIR", Short: "Run the switch on a configuration", Args: oneFolder,
		Long: "Runs until SIGINT or SIGTERM: then no new call is taken and those that are up are ended. SIGHUP reads the\nconfiguration again, as 'ringway reload' does.",
		RunE: func(c *cobra.Command, args []string) error {
			loaded, err := load(c, args[0])
			if err != nil {
				return err
			}
			log := logger(c.ErrOrStderr(), loaded.Settings.Log)
			n, err := node.Start(c.Context(), node.Options{Config: loaded, Data: dataDir(c), Version: version, Log: log})
			if err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "ringway %s serves %s on %s\n", version, args[0], strings.Join(n.Addrs(), ", "))
			if at := n.ConsoleURL(); at != "" {
				fmt.Fprintf(c.OutOrStdout(), "console: %s\n", at)
			}
			if link := n.SetupLink(); link != "" {
				fmt.Fprintf(c.OutOrStdout(), "nobody can log in yet: an administrator sets the first password here, once: %s\n", link)
			}
			debug.FreeOSMemory() // reading migrations and configuration took more than the switch needs from here on
			runUntilDone(c.Context(), n)
			return stopNode(n)
		},
	}
}

// load reads a configuration for a command that needs a good one.
func load(c *cobra.Command, dir string) (*config.Config, error) {
	loaded, found, source := config.Load(dir)
	if err := diag.Render(c.ErrOrStderr(), found, source); err != nil {
		return nil, err
	}
	if loaded == nil {
		return nil, errFindings
	}
	return loaded, nil
}

// runUntilDone reloads at each SIGHUP until the context ends.
func runUntilDone(ctx context.Context, n *node.Node) {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	for {
		select {
		case <-ctx.Done():
			return
		case <-hup:
			n.Reload(ctx)
		}
	}
}

// goodbye is how long calls get to end when the switch stops.
const goodbye = 5 * time.Second

func stopNode(n *node.Node) error {
	ctx, cancel := context.WithTimeout(context.Background(), goodbye)
	defer cancel()
	return n.Stop(ctx)
}

// logger writes to a terminal in colour, and to anything else without.
func logger(w io.Writer, l config.Log) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(l.Level)); err != nil {
		level = slog.LevelInfo
	}
	if l.JSON {
		return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}))
	}
	f, isFile := w.(*os.File)
	plain := !isFile
	if isFile {
		info, err := f.Stat()
		plain = err != nil || info.Mode()&os.ModeCharDevice == 0
	}
	return slog.New(tint.NewTextHandler(w, &tint.Options{Level: level, TimeFormat: time.TimeOnly, NoColor: plain}))
}

func tokenCommand() *cobra.Command {
	var r console.MintRequest
	var dir string
	asJSON := false
	c := &cobra.Command{
		Use: "token SUBJECT", Short: "Mint the SIP credential of one app session", Args: cobra.ExactArgs(1),
		Long:    "Mints through the running switch, which keeps the claims with the session, so that any SIP client can use the\ncredential. With --config it mints from a configuration without a switch: then the client has to send the claims in\nan X-Ringway-Claims header.",
		Example: "  ringway token c-1001 --name 'Lin Yi-Chen' --language zh-TW --region TW --zone Asia/Taipei --booking B-42",
		RunE: func(c *cobra.Command, args []string) error {
			r.Subject = args[0]
			if err := checkMint(c, r); err != nil {
				return err
			}
			cred, zone, err := mint(c, r, dir)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(c.OutOrStdout(), cred)
			}
			w := c.OutOrStdout()
			fmt.Fprintf(w, "address    %s\nuser       %s\npassword   %s\n", cred.AOR, cred.User, cred.Password)
			if cred.Proxy != "" {
				fmt.Fprintf(w, "proxy      %s\n", cred.Proxy)
			}
			fmt.Fprintf(w, "good until %s %s\nclaims     %s\n", stamp(cred.Expires, zone), zone, cred.Claims)
			return nil
		},
	}
	f := c.Flags()
	f.StringVar(&dir, "config", "", "mint from this configuration folder, without a running switch")
	f.StringVar(&r.Domain, "domain", "", "app domain, where there are several")
	f.DurationVar(&r.Lifetime, "lifetime", 0, "how long it is good for (default 1h)")
	claimFlags(c, &r.Claims)
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func claimFlags(c *cobra.Command, claims *store.Claims) {
	f := c.Flags()
	f.StringVar(&claims.Customer, "customer", "", "customer id")
	f.StringVar(&claims.Name, "name", "", "name shown to the agent")
	f.StringVar(&claims.Language, "language", "", "BCP 47, as in zh-TW")
	f.StringVar(&claims.Region, "region", "", "ISO 3166, as in TW")
	f.StringVar(&claims.Zone, "zone", "", "IANA time zone, as in Asia/Taipei")
	f.StringVar(&claims.Booking, "booking", "", "booking id")
	f.DurationVar(&claims.Priority, "priority", 0, "head start in queues")
}

// subject is who a customer is: a part of the digest user name and of the AOR.
var subject = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// checkMint refuses what no switch would mint.
func checkMint(c *cobra.Command, r console.MintRequest) error {
	if !subject.MatchString(r.Subject) {
		return misusedf("%q is no subject: write up to 64 letters, digits, _ and -, as in c-1001", r.Subject)
	}
	if c.Flags().Changed("lifetime") && r.Lifetime <= 0 {
		return misusedf("--lifetime %s is over before it begins: write a span, as in 30m", r.Lifetime)
	}
	if tag := r.Claims.Language; tag != "" && !console.IsLanguage(tag) {
		return misusedf("%q is no language: write a BCP 47 tag, as in zh-TW", tag)
	}
	if code := r.Claims.Region; code != "" && !console.IsRegion(code) {
		return misusedf("%q is no region: write two letters of ISO 3166, as in TW", code)
	}
	if c.Flags().Changed("zone") {
		_, err := zoneNamed(r.Claims.Zone)
		return err
	}
	return nil
}

// mint makes a credential, and tells the company's time zone.
func mint(c *cobra.Command, r console.MintRequest, dir string) (console.Credential, *time.Location, error) {
	if dir == "" {
		cred, err := console.NewClient(dataDir(c)).Mint(c.Context(), r)
		return cred, companyZone(c), err
	}
	loaded, err := load(c, dir)
	if err != nil {
		return console.Credential{}, nil, err
	}
	cred, _, err := node.MintWith(loaded, r, time.Now())
	return cred, console.Status{Zone: loaded.Settings.Zone}.Location(), err
}
