package emulator

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// accountID stands for the account in what is read back.
func (s *Server) accountID() int64 { return cmp.Or(s.AccountID, 12345) }

// upload is what the emulator reads of a valid bundle.
type upload struct {
	name, description string
	version           any
	resources         map[string]resource
}

// resource is one entry of a bundle's resources, with all its members.
type resource map[string]any

// readBack is a bundle in the form in which R4 returns it: these members in
// this order, resources and everything below sorted by key, arrays and numbers
// as they came (observed in six read-backs of two accounts).
//
// Silent, and chosen here: $schema and other top-level members that are not of
// the language are accepted and not kept; a bundle without a description reads
// back an empty one.
type readBack struct {
	UUID        string              `json:"uuid"`
	Name        string              `json:"name"`
	Integration string              `json:"integration"`
	AccountID   int64               `json:"zendesk_account_id"`
	Description string              `json:"description"`
	Version     any                 `json:"zis_template_version"`
	Resources   map[string]resource `json:"resources"`
}

// newUpload takes what it needs out of a value that is valid.
func newUpload(v any) upload {
	members := wire.Object(v)
	b := upload{
		name: wire.Text(members["name"]), description: wire.Text(members["description"]),
		version: members["zis_template_version"], resources: map[string]resource{},
	}
	for key, r := range wire.Object(members["resources"]) {
		b.resources[key] = resource(wire.Object(r))
	}
	return b
}

func (r resource) kind() string { return wire.Text(r["type"]) }

// property is a text among the resource's properties, or "".
func (r resource) property(name string) string { return wire.Text(wire.Object(r["properties"])[name]) }

// MarshalJSON writes type and properties first. Other members, of which no
// read-back tells, follow: nothing inside resources was seen to be dropped.
func (r resource) MarshalJSON() ([]byte, error) {
	head, err := wire.Encode(struct {
		Type       any `json:"type"`
		Properties any `json:"properties"`
	}{r["type"], r["properties"]})
	if err != nil || len(r) == 2 {
		return head, err
	}
	rest := maps.Clone(r)
	delete(rest, "type")
	delete(rest, "properties")
	tail, err := wire.Encode(map[string]any(rest))
	return slices.Concat(head[:len(head)-1], []byte(","), tail[1:]), err
}

// resources are those of a stored bundle.
func (b *Bundle) resources() map[string]resource {
	body, err := wire.Decode(b.Body)
	if err != nil {
		return nil // somebody has edited the state; the bundle has no names then
	}
	return newUpload(body).resources
}

// entry is a stored bundle as a list shows it.
func (b *Bundle) entry() map[string]json.RawMessage {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(b.Body, &members); err != nil {
		return nil // as above
	}
	delete(members, "resources")
	return members
}

// newUUID is a random UUID (RFC 9562, version 4).
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
