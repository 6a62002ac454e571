package account_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/account"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
)

// A second integration with the same bundle is found among at most 20 others;
// in an account with more, the notes say that nobody looked.
func TestAround(t *testing.T) {
	for _, tt := range []struct {
		others int
		around bool
		found  int
		note   string
	}{
		{others: 1, found: 0},
		{others: 1, around: true, found: 1},
		{others: 20, around: true, found: 1},
		{others: 21, around: true, note: "there are 21 others, and at most 20 are looked at"},
	} {
		t.Run(fmt.Sprint(tt.others, tt.around), func(t *testing.T) {
			old, server := target(t, "acme_old")
			deployTo(t, old, source("a.example"))
			for i := range tt.others - 1 {
				if err := server.Register(fmt.Sprintf("other_%d", i)); err != nil {
					t.Fatal(err)
				}
			}
			if err := server.Register("acme_new"); err != nil {
				t.Fatal(err)
			}
			renamed := old
			renamed.Integration = "acme_new"
			s := &account.Session{Target: renamed, Around: tt.around}
			defer s.Close(t.Context())
			if err := s.Load(source("a.example")); err != nil {
				t.Fatal(err)
			}
			if err := s.Plan(t.Context(), deploy.Options{}); err != nil {
				t.Fatal(err)
			}
			found := 0
			for _, d := range s.Checked.Findings.Files[0].Findings {
				if d.Rule == "twin-integration" {
					found++
				}
			}
			if notes := strings.Join(s.Notes, "\n"); found != tt.found || !strings.Contains(notes, tt.note) || (tt.note == "") != (notes == "") {
				t.Errorf("%d findings, notes %q", found, notes)
			}
		})
	}
}
