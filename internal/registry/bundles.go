package registry

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/verdict"
)

// BundleInfo is an entry of the list of bundles. It tells nothing of what the
// bundle holds, nor when it was uploaded.
type BundleInfo struct {
	UUID    string
	Name    string
	Changed time.Time // when it came, if the registry says so (it was not seen to); else zero
	Unread  string    // why the entry can't be used; "" if it can
}

// Bundles lists the bundles of the integration, all pages, in the registry's
// order, which is not documented.
// GET /registry/{integration}/bundles (documented).
func (c *Client) Bundles(ctx context.Context, integration string) ([]BundleInfo, error) {
	return collect(ctx, c, call{
		op:     fmt.Sprintf("list the bundles of %q", integration),
		method: http.MethodGet, path: registryPath(integration, "bundles"), query: firstPage(),
		order: preferZIS, limit: maxList, integration: integration, list: true,
	}, "bundles", reading(bundleInfo))
}

func bundleInfo(r row) record[BundleInfo] {
	b := BundleInfo{UUID: r.text("uuid"), Name: r.text("name"), Changed: r.time("updated_at", "created_at")}
	switch {
	case b.Name == "":
		b.Unread = broken
	case b.UUID == "":
		b.Unread = noID
	}
	return record[BundleInfo]{value: b, key: b.UUID, broken: b.Unread, named: b.Name != ""}
}

// Bundle returns the stored bundle as the registry gives it: an object of at
// most 64 MiB, with uuid, integration and zendesk_account_id added (observed).
// GET /registry/{integration}/bundles/{uuid} (observed).
func (c *Client) Bundle(ctx context.Context, integration, uuid string) ([]byte, error) {
	k := call{
		op:     fmt.Sprintf("read the bundle %q of %q", uuid, integration),
		method: http.MethodGet, path: registryPath(integration, "bundles", uuid),
		order: preferZIS, limit: maxBundle, integration: integration,
	}
	a, err := c.do(ctx, k)
	if err != nil {
		return nil, err
	}
	body := bytes.TrimPrefix(a.body, []byte("\ufeff"))
	var o object
	if err := json.Unmarshal(body, &o); err == nil && o["resources"] == nil && o["bundle"] != nil {
		body, o = o["bundle"], nil // wrapped, as other services do it
		_ = json.Unmarshal(body, &o)
	}
	if o["resources"] == nil {
		return nil, k.misshapen(a, "the answer is no bundle: no JSON object with %q", "resources")
	}
	return body, nil
}

// Upload sends a bundle: a new one, or one that replaces that of the same name
// (inferred). Afterwards its job specs must be installed again (observed).
// POST /registry/{integration}/bundles (documented: 200, empty).
func (c *Client) Upload(ctx context.Context, integration string, body []byte) error {
	_, err := c.do(ctx, call{
		op:     fmt.Sprintf("upload a bundle to %q", integration),
		method: http.MethodPost, path: registryPath(integration, "bundles"), body: body,
		order: preferAPI, reason: verdict.UploadRejected, integration: integration,
	})
	return err
}
