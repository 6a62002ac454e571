package report

import "github.com/zisdeploy/zis-deploy/internal/diag"

// Plain makes text from bundles and servers safe for a line of a terminal or
// log: what could move the cursor, begin a new line, reorder text or not be
// seen at all is written as an escape.
func Plain(s string) string { return diag.Visible(s) }
