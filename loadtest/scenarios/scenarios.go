package scenarios

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed *.yaml
var files embed.FS

const suffix = ".yaml"

// Names are the names of the scenarios.
func Names() (list []string, err error) {
	found, err := fs.Glob(files, "*"+suffix)
	for _, name := range found {
		list = append(list, strings.TrimSuffix(name, suffix))
	}
	return list, err
}

// Read returns a scenario's file.
func Read(name string) ([]byte, error) {
	content, err := files.ReadFile(name + suffix)
	if err != nil {
		return nil, fmt.Errorf("scenarios: there is none of the name %q", name)
	}
	return content, nil
}
