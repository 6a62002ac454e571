package zis

import "strings"

// Common is the integration name inside the ARNs of built-in actions.
const Common = "common"

// Kinds of resources an ARN can name (documented by example everywhere).
const (
	KindFlow      = "flow"
	KindAction    = "action"
	KindTransform = "transform"
	KindJobSpec   = "job_spec"
)

// ARN is a fully qualified name: zis:{integration}:{kind}:{name}. The name is
// the resource's properties.name, not its key under resources (documented:
// registry/bundles).
type ARN struct{ Integration, Kind, Name string }

// ParseARN reads an ARN; ok is false if s does not have the four parts.
func ParseARN(s string) (a ARN, ok bool) {
	rest, isARN := strings.CutPrefix(s, "zis:")
	integration, rest, _ := strings.Cut(rest, ":")
	kind, name, _ := strings.Cut(rest, ":")
	if !isARN || integration == "" || kind == "" || name == "" {
		return ARN{}, false
	}
	return ARN{Integration: integration, Kind: kind, Name: name}, true
}

// String is the ARN as the platform writes it.
func (a ARN) String() string {
	return "zis:" + a.Integration + ":" + a.Kind + ":" + a.Name
}

// In returns the same resource of another integration; a built-in stays.
func (a ARN) In(integration string) ARN {
	if a.Integration != Common {
		a.Integration = integration
	}
	return a
}

// ValidIntegration tells whether s can be the name of an integration: a-z, 0-9,
// _ and -, no longer than IntegrationName.
func ValidIntegration(s string) bool {
	if len(s) < IntegrationName.Least || len(s) > IntegrationName.Most {
		return false
	}
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' && r != '-' {
			return false
		}
	}
	return true
}
