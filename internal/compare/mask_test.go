package compare_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// What the account holds and ours doesn't is hidden where it looks random, and
// shown where ours holds it too, alone or in an address.
func TestWordsOfOurs(t *testing.T) {
	const key, other = "k3Yq9ZtR7wLmX2vB4nC8", "p0Ld5GhJ1sDfA6eW3uTz"
	have := parse(t, `{"resources":{"f":{"properties":{"l":["a `+key+`","b `+other+`","(`+key+`)"]}}}}`)
	for name, tt := range map[string]struct {
		ours string
		want []string
	}{
		"alone":         {key, []string{"/resources/f/properties/l/1"}},
		"in an address": {"https://example.com/" + key + "?x=1", []string{"/resources/f/properties/l/1"}},
		"nowhere":       {"c", []string{"/resources/f/properties/l/0", "/resources/f/properties/l/1", "/resources/f/properties/l/2"}},
	} {
		t.Run(name, func(t *testing.T) {
			ours := parse(t, fmt.Sprintf(`{"description":%q}`, "see "+tt.ours))
			if _, left := compare.NewMask(ours, have).SkeletonOf(have); !slices.Equal(left, tt.want) {
				t.Errorf("hidden are %q, want %q", left, tt.want)
			}
		})
	}
}

// A bundle that an account held says nowhere what was a secret: the way back to
// it hides on both sides what looks like one, and the rest can be read.
func TestFormerBundleAsOurs(t *testing.T) {
	const text = `{"resources":{"f":{"type":"ZIS::Flow","properties":{"definition":{"expr":"{a: .%s, b: \"%s\"}"}}},
		"a":{"type":"ZIS::Action::Http","properties":{"definition":{"url":"https://me:%[2]s@api.example.com/%[1]s","headers":[{"key":"X-K","value":"%[2]s"}]}}}}}`
	want := compare.Former(parse(t, fmt.Sprintf(text, "first", "k3Yq9ZtR7wLmX2vB4nC8")))
	have := parse(t, fmt.Sprintf(text, "second", "p0Ld5GhJ1sDfA6eW3uTz"))
	var got []string
	like := compare.Bundles(want, have, "", true)
	for _, d := range compare.Differences("", like.Have, like.Want, compare.NewMask(want, have), nil) {
		got = append(got, d.Old, d.New)
	}
	if want := []string{
		"(secret)", "(secret)", `"https://(secret)@api.example.com/second"`, `"https://(secret)@api.example.com/first"`,
		`"{a: .second, b: \"(secret)\"}"`, `"{a: .first, b: \"(secret)\"}"`,
	}; !slices.Equal(got, want) {
		t.Errorf("shown are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A list of very many random texts, all of them others than ours, takes a
// moment: what is asked for each does not grow with their number. Where it does, this
// takes many minutes.
func TestManyRandomTexts(t *testing.T) {
	if testing.Short() {
		t.Skip("compares in one goroutine for long")
	}
	const items = 390_000
	list := func(key string) *source.Document {
		var b strings.Builder
		for i := range items {
			fmt.Fprintf(&b, `,"%06d-%s"`, i, key)
		}
		return parse(t, `{"resources":{"f":{"properties":{"l":[`+b.String()[1:]+`]}}}}`)
	}
	ours, have := list("k3Yq9ZtR7wLmX2vB4nC8"), list("p0Ld5GhJ1sDfA6eW3uTz")
	if _, left := compare.NewMask(ours, have).SkeletonOf(have); len(left) != items {
		t.Errorf("%d texts are hidden, want %d", len(left), items)
	}
}

func parse(t *testing.T, text string) *source.Document {
	t.Helper()
	doc, err := source.Parse(diag.NewFile("", []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
