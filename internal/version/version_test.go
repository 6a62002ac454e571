package version

import (
	"runtime/debug"
	"testing"
)

func TestAStampCountsMoreThanWhatGoWrote(t *testing.T) {
	built := &debug.BuildInfo{
		Main:     debug.Module{Version: "v0.0.0-2026"},
		Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.time", Value: "2026-01-02T03:04:05Z"}, {Key: "vcs.modified", Value: "true"}},
		Deps:     []*debug.Module{{Path: "z", Version: "v2"}, {Path: "a", Version: "v1", Sum: "h1:x"}},
	}
	for _, tt := range []struct {
		name, version, commit string
		have                  Info
	}{
		{"stamped", "v1.2.3", "def", Info{Version: "v1.2.3", Commit: "def"}},
		{"installed", "v0.0.0-2026", "abc", Info{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			have := tt.have
			have.fill(built)
			if have.Version != tt.version || have.Commit != tt.commit || !have.Modified {
				t.Errorf("have %+v", have)
			}
			if len(have.Modules) != 2 || have.Modules[0].Path != "a" {
				t.Errorf("the modules are %v", have.Modules)
			}
		})
	}
}

func TestADevelopmentBuildSaysSo(t *testing.T) {
	built := &debug.BuildInfo{Main: debug.Module{Version: "(devel)"}}
	have := Info{}
	have.fill(built)
	if have.Version != "" {
		t.Errorf("the version is %q", have.Version)
	}
	if UserAgent() != "zis-deploy/"+String() {
		t.Errorf("the user agent is %q", UserAgent())
	}
}
