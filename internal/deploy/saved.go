package deploy

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// Saved is a plan in a file: what a person has seen and agreed to. It holds no
// bundle body and no secret; deploying it needs the same bundle files.
type Saved struct {
	Version int    `json:"version"`
	Target  string `json:"target"` // the account the plan was made for
	Plan    Plan   `json:"plan"`
	Seal    string `json:"seal"` // digest over the rest: tells an edited file
}

// Save writes the plan as a file for the account target.
func (p Plan) Save(target string) ([]byte, error) {
	s := Saved{Version: 1, Target: target, Plan: p}
	seal, err := s.seal()
	if err != nil {
		return nil, err
	}
	s.Seal = seal
	text, err := json.MarshalIndent(s, "", "  ")
	return append(text, '\n'), err
}

func (s Saved) seal() (string, error) {
	s.Seal = ""
	text, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("write the plan: %w", err)
	}
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:]), nil
}

// Load reads a plan file and refuses one that was edited or cut off.
func Load(data []byte) (Saved, error) {
	var s Saved
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	err := dec.Decode(&s)
	if _, more := dec.Token(); err == nil && !errors.Is(more, io.EOF) {
		err = errors.New("there is more in it than one plan")
	}
	if err != nil {
		return Saved{}, &verdict.Error{Reason: verdict.InvalidInput, Err: fmt.Errorf("the plan file can't be read: %w", err), Hint: verdict.Hint{Code: verdict.PlanFileForm}}
	}
	seal, err := s.seal()
	if err != nil {
		return Saved{}, err
	}
	if s.Version != 1 || s.Seal != seal || s.Plan.Digest == "" {
		return Saved{}, verdict.Errorf(verdict.InvalidInput, "plan again", "%w", errors.New("the plan file was changed after it was written"))
	}
	return s, nil
}

// Same refuses a plan that is not the one in the file: the bundle files or
// the account are no longer what they were.
func (p Plan) Same(saved Saved, target string) error {
	if saved.Target != target {
		return verdict.Errorf(verdict.InvalidInput, "plan for this account", "the plan was made for %s, not for %s", saved.Target, target)
	}
	if p.Digest == saved.Plan.Digest {
		return nil
	}
	return verdict.Errorf(verdict.PlanChanged, "nothing was written; look at the new plan, and save it again", "the plan is no longer what was saved: %s", changedSince(saved.Plan, p))
}

// changedSince says in words where two plans part.
func changedSince(old, now Plan) string {
	if old.Integration != now.Integration {
		return fmt.Sprintf("it was made for the integration %q, not for %q", old.Integration, now.Integration)
	}
	var list []string
	was := map[string]BundlePlan{}
	for _, b := range old.Bundles {
		was[b.Name] = b
	}
	for _, b := range now.Bundles {
		if b.After != was[b.Name].After {
			list = append(list, fmt.Sprintf("the file of the bundle %q is another", b.Name))
		}
		if b.Before != was[b.Name].Before {
			list = append(list, fmt.Sprintf("the account holds another bundle %q", b.Name))
		}
	}
	if !slices.Equal(stepTexts(old), stepTexts(now)) {
		list = append(list, fmt.Sprintf("the steps were %s, and are %s", strings.Join(stepTexts(old), ", "), strings.Join(stepTexts(now), ", ")))
	}
	if len(list) == 0 {
		list = append(list, "the job specs of the account are others")
	}
	return strings.Join(list, "; ")
}

func stepTexts(p Plan) []string {
	list := []string{}
	for _, s := range p.Steps {
		list = append(list, s.String())
	}
	return list
}
