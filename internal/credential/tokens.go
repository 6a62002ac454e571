package credential

import "strings"

// tokenShape is what a provider's tokens look like.
type tokenShape struct {
	prefix string
	least  int // characters after the prefix
	what   string
}

// tokenShapes returns the shapes whose prefixes begin with a letter. Each is
// published by its provider so that scanners find it.
func tokenShapes(first byte) []tokenShape {
	switch first {
	case 'A':
		return []tokenShape{{"AKIA", 16, "an AWS access key"}, {"ASIA", 16, "an AWS access key"}, {"AIza", 35, "a Google API key"}}
	case 'g':
		return []tokenShape{
			{"ghp_", 30, "a GitHub token"},
			{"gho_", 30, "a GitHub token"},
			{"ghu_", 30, "a GitHub token"},
			{"ghs_", 30, "a GitHub token"},
			{"ghr_", 30, "a GitHub token"},
			{"github_pat_", 30, "a GitHub token"},
			{"glpat-", 20, "a GitLab token"},
		}
	case 'x':
		return []tokenShape{{"xoxb-", 10, "a Slack token"}, {"xoxp-", 10, "a Slack token"}, {"xoxa-", 10, "a Slack token"}, {"xoxr-", 10, "a Slack token"}, {"xoxs-", 10, "a Slack token"}, {"xapp-", 10, "a Slack token"}}
	case 's':
		return []tokenShape{
			{"sk_live_", 16, "a Stripe key"},
			{"sk_test_", 16, "a Stripe key"},
			{"sk-ant-", 20, "an Anthropic key"},
			{"sk-proj-", 20, "an OpenAI key"},
			{"shpat_", 32, "a Shopify token"},
		}
	case 'r':
		return []tokenShape{{"rk_live_", 16, "a Stripe key"}}
	case 'S':
		return []tokenShape{{"SG.", 60, "a SendGrid key"}}
	case 'n':
		return []tokenShape{{"npm_", 36, "an npm token"}}
	case 'd':
		return []tokenShape{{"dop_v1_", 64, "a DigitalOcean token"}}
	case 'p':
		return []tokenShape{{"pat-na1-", 36, "a HubSpot token"}, {"pat-eu1-", 36, "a HubSpot token"}}
	}
	return nil
}

// knownToken finds a token of a known shape, a JSON Web Token or the URL of a
// Slack webhook.
func knownToken(s string) (what string, start, end int) {
	const shortest = 14
	for at := 0; at+shortest <= len(s); {
		n := tokenLength(s[at:])
		if n >= shortest {
			if what := shapeOf(s[at : at+n]); what != "" {
				return what, at, at + n
			}
		}
		at += n + 1
	}
	const slack = "hooks.slack.com/services/T"
	if i := strings.Index(s, slack); i >= 0 && !laterFilled(s) {
		return "the URL of a Slack webhook, which is a secret", i, len(s)
	}
	return "", 0, 0
}

func shapeOf(word string) string {
	if isJWT(word) {
		return "a JSON Web Token"
	}
	for _, shape := range tokenShapes(word[0]) {
		rest, ok := strings.CutPrefix(word, shape.prefix)
		if ok && len(rest) >= shape.least && strings.ContainsAny(rest, "0123456789") {
			return shape.what
		}
	}
	return ""
}

// isJWT: three parts in base64url, the first two JSON objects (RFC 7519).
func isJWT(word string) bool {
	if !strings.HasPrefix(word, "eyJ") {
		return false
	}
	_, rest, ok := strings.Cut(word, ".")
	payload, signature, signed := strings.Cut(rest, ".")
	return ok && signed && strings.HasPrefix(payload, "eyJ") && len(signature) >= 16
}

// tokenLength counts the characters that tokens and base64 are made of.
func tokenLength(s string) int {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && strings.IndexByte("_-.+", c) < 0 {
			return i
		}
	}
	return len(s)
}
