package config

import (
	"crypto/tls"
	"path/filepath"
)

// Certificate reads the console's certificate; dir is the configuration folder. Nil where none is set.
func (c Console) Certificate(dir string) (*tls.Certificate, error) {
	if c.TLS.Cert == "" {
		return nil, nil
	}
	at := func(name string) string {
		if filepath.IsAbs(name) {
			return name
		}
		return filepath.Join(dir, name)
	}
	pair, err := tls.LoadX509KeyPair(at(c.TLS.Cert), at(c.TLS.Key))
	if err != nil {
		return nil, err
	}
	return &pair, nil
}
