package build

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"
)

var (
	version string // set by the linker: -X parley/internal/build.version=v1.2.3
	commit  string // set by the linker, where the build has no repository to ask
	built   string // set by the linker: the time of the commit, RFC 3339
)

// Info names a build.
type Info struct {
	Version string // such as v1.2.3, or (devel)
	Commit  string // or unknown
	Built   string // the time of the commit, RFC 3339, or unknown
}

// Line is what the version command of a program prints.
func (i Info) Line(program string) string {
	return fmt.Sprintf("%s %s commit %s built %s %s %s/%s",
		program, i.Version, i.Commit, i.Built, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// Read prefers what the linker set to what the toolchain knows.
func Read() Info {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	stamped := map[string]string{}
	for _, setting := range info.Settings {
		stamped[setting.Key] = setting.Value
	}
	return Info{
		Version: cmp.Or(version, info.Main.Version, "(devel)"),
		Commit:  cmp.Or(commit, stamped["vcs.revision"], "unknown"),
		Built:   cmp.Or(built, stamped["vcs.time"], "unknown"),
	}
}
