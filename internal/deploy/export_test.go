package deploy

import (
	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

// Means tells whether a stored bundle says what ours says, for tests that look
// into the account from outside.
func Means(want, have *source.Document) bool {
	return compare.Bundles(want, have, "acme", false).Same()
}
