// Package defaults is what the program brings along: spoken prompts in three languages, hold music, and a starter
// configuration. Together they stay below 2 MB, because they are part of the binary.
//
//	prompts/LANG/NAME.wav    made by make-prompts.sh from prompts.txt
//	prompts/music/NAME.wav   loops without a seam
//	starter/                 what `ringway init` writes
package defaults

import (
	"embed"
	"io/fs"
)

//go:embed prompts starter
var files embed.FS

// FS holds LANG/NAME.wav and music/NAME.wav, as the prompts folder of a configuration does: 8 kHz, 16-bit, mono. The
// languages are BCP 47 tags: en, zh-TW, ja.
var FS = sub("prompts")

// Starter is a commented configuration folder.
var Starter = sub("starter")

// sub is one of the embedded folders; its name is a constant, so it is there.
func sub(folder string) fs.FS {
	f, err := fs.Sub(files, folder)
	if err != nil {
		return embed.FS{}
	}
	return f
}
