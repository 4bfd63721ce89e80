// Package schema describes the configuration files as JSON Schema (2020-12), for the completion of editors. It says what keys
// there are and what kind of value they take; whether the whole fits together only config.Load knows.
//
// ringway.yaml is described from the types of config.Settings, the dialplan from the applications' own specifications, the
// others from tables here; tests hold all of them to the loader.
package schema
