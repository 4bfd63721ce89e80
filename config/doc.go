// Package config turns one folder of YAML into one immutable Config: settings, dialplan and queue specification, checked
// as a whole. A folder holds ringway.yaml, dialplan/*.yaml, queues.yaml and people.yaml.
//
// Load reports everything it finds, across files, at once; a Config is usable only without errors. Nothing here touches a
// running switch: cmd/internal/node swaps a good Config in, and keeps the old one otherwise.
package config
