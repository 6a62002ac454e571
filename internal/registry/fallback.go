package registry

import (
	"net/http"
	"slices"
)

// candidates are the credentials that the call can travel with, the best one
// first. A reading that is refused to one is tried with the next: what a
// credential may read is not documented for all of them. So is an install: what
// was refused had no effect. One that was refused while another was not comes
// last from then on. Any other write has one alone: what it failed with is to
// be said.
func (c *Client) candidates(k call) kinds {
	var list kinds
	for _, kind := range k.order {
		if c.Credentials.has(kind) {
			list = append(list, kind)
		}
	}
	if !k.fallsBack() || len(list) < 2 {
		return list[:min(len(list), 1)]
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	better := c.welcomed[k.kindOfCall()]
	slices.SortStableFunc(list, func(a, b Kind) int {
		if (a == better) == (b == better) {
			return 0
		}
		if a == better {
			return -1
		}
		return 1
	})
	return list
}

// welcome remembers which credential a kind of reading was answered to.
func (c *Client) welcome(k call, kind Kind) {
	if !k.fallsBack() || len(k.order) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.welcomed == nil {
		c.welcomed = map[string]Kind{}
	}
	c.welcomed[k.kindOfCall()] = kind
}

// fallsBack tells whether the call may be made with another credential.
func (k call) fallsBack() bool { return k.method == http.MethodGet || k.again }

// kindOfCall tells calls apart that may take different credentials.
func (k call) kindOfCall() string { return k.method + " " + string(k.order[0]) }

// mayFallBack tells whether another credential may see what this one was
// refused: observed are 401, 403 and, for lists, 404.
func (k call) mayFallBack(e *Error) bool {
	if !k.fallsBack() {
		return false
	}
	return e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden || k.list && e.Status == http.StatusNotFound
}
