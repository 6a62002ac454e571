package credential_test

import (
	"testing"

	"github.com/zisdeploy/zis-deploy/internal/credential"
)

// However many credentials a sentence quotes, none is left in it, and nothing
// else is gone.
func TestSentence(t *testing.T) {
	const (
		a     = "k3Yq9ZtR7wLmX2vB4nC8"
		b     = "q8Hd2PzS5vKjW1xN6mT4"
		basic = "Basic dXNlcjpwYXNzd29yZDE="
		h     = credential.Hidden
	)
	for text, want := range map[string]string{
		"":                       "",
		"the cause is 7, want 8": "the cause is 7, want 8",
		"the bearer of bad news, and a bearer of good": "the bearer of bad news, and a bearer of good",
		"Bearer " + a: "Bearer " + h,
		"it says Bearer " + a + " and bearer " + b + ".":                                           "it says Bearer " + h + " and bearer " + h,
		`the header is "Bearer ` + a + `", want "Bearer ` + b + `"`:                                `the header is "Bearer ` + h + `", want "Bearer ` + h + `"`,
		basic + " then Bearer " + a + ", then " + basic:                                            "Basic " + h + " then Bearer " + h + ", then Basic " + h,
		"Bearer " + a + " then " + basic:                                                           "Bearer " + h + " then Basic " + h,
		"https://me:" + a + "@x.example and https://you:" + b + "@y.example":                       "https://" + h + "@x.example and https://" + h + "@y.example",
		h + " and Bearer " + a:                                                                     h + " and Bearer " + h,
		"ghp_abcdefghijklmnopqrstuvwxyz0123456789 twice: ghp_abcdefghijklmnopqrstuvwxyz0123456789": h + " twice: " + h,
		"İ Bearer " + a: "İ Bearer " + h,
	} {
		if got := credential.Sentence(text); got != want {
			t.Errorf("%q\nis  %q\nand should be %q", text, got, want)
		}
	}
}
