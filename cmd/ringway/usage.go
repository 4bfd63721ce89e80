package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ringway/config/diag"
)

// misused is an error of what was typed: nothing was asked and nothing was done.
type misused struct{ text string }

func (m misused) Error() string { return m.text }

func misusedf(format string, args ...any) error { return misused{fmt.Sprintf(format, args...)} }

func isMisused(err error) bool {
	var m misused
	return errors.As(err, &m)
}

// oneOf refuses a word that is none of those known; empty where it may be left out.
func oneOf(what, word string, known ...string) error {
	if slices.Contains(known, word) {
		return nil
	}
	last := len(known) - 1
	text := fmt.Sprintf("there is no %s %q: take %s or %s", what, word, strings.Join(known[:last], ", "), known[last])
	if hint := diag.Suggest(word, known); hint != "" {
		text += "; " + hint
	}
	return misused{text}
}

// optional is oneOf for a flag that may be left out.
func optional(what, word string, known ...string) error {
	if word == "" {
		return nil
	}
	return oneOf(what, word, known...)
}

// oneFolder takes one argument that names a folder. An empty one, as of a variable that is not set, would be the present folder.
func oneFolder(c *cobra.Command, args []string) error {
	if err := cobra.ExactArgs(1)(c, args); err != nil {
		return err
	}
	if args[0] == "" {
		return misusedf("the name of the folder is empty: write one, as in 'ringway %s company'", c.Name())
	}
	return nil
}

// zoneNamed reads a name of the IANA database.
func zoneNamed(name string) (*time.Location, error) {
	z, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		return nil, misusedf("%q is no time zone: write a name of the IANA database, as in Asia/Taipei", name)
	}
	return z, nil
}

// group makes a command that only holds others: alone, or with a word that is none of them, it is misused.
func group(c *cobra.Command) *cobra.Command {
	var names []string
	for _, sub := range c.Commands() {
		names = append(names, sub.Name())
	}
	c.Args = cobra.ArbitraryArgs
	c.RunE = func(_ *cobra.Command, args []string) error {
		full := fmt.Sprintf("write 'ringway %s %s'", c.Name(), strings.Join(names, fmt.Sprintf("' or 'ringway %s ", c.Name())))
		if len(args) == 0 {
			return misusedf("%s of what? %s", c.Name(), full)
		}
		if hint := diag.Suggest(args[0], names); hint != "" {
			full += "; " + hint
		}
		return misusedf("%s has no sub-command %q: %s", c.Name(), args[0], full)
	}
	return c
}
