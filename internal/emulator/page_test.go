package emulator_test

import (
	"fmt"
	"net/url"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type listing struct {
	Bundles []struct{ Name string }
	Meta    struct {
		After, Before string
		HasMore       bool `json:"has_more"`
	}
}

// many is an account with 137 bundles, b000 to b136.
func many(t *testing.T) *account {
	a := acme(t)
	for n := range 137 {
		a.upload(oneFlow(fmt.Sprintf("b%03d", n), fmt.Sprintf("s%03d", n)))
	}
	return a
}

func (a *account) page(q url.Values) listing {
	var l listing
	decode(a.t, a.must("GET", registry+"acme/bundles?"+q.Encode(), ""), &l)
	return l
}

// Going on while has_more gives every entry once, in both directions.
func TestPaging(t *testing.T) {
	a := many(t)
	for _, tt := range []struct {
		size  string
		pages int
	}{{"", 7}, {"1", 137}, {"100", 2}, {"68", 3}, {"69", 2}} {
		var names []string
		pages, last := 0, listing{}
		q := url.Values{}
		if tt.size != "" {
			q.Set("page[size]", tt.size)
		}
		for pages == 0 || last.Meta.HasMore {
			last = a.page(q)
			pages++
			for _, b := range last.Bundles {
				names = append(names, b.Name)
			}
			q.Set("page[after]", last.Meta.After)
		}
		distinct := slices.Compact(slices.Clone(names))
		if pages != tt.pages || len(names) != 137 || len(distinct) != 137 || !slices.IsSorted(names) {
			t.Errorf("size %q: %d pages of %d names, %d distinct; want %d of 137", tt.size, pages, len(names), len(distinct), tt.pages)
		}
	}
	first := a.page(url.Values{})
	second := a.page(url.Values{"page[after]": {first.Meta.After}})
	back := a.page(url.Values{"page[before]": {second.Meta.Before}})
	first.Meta.HasMore = false // there is nothing before the first page
	if diff := cmp.Diff(first, back); diff != "" {
		t.Errorf("there and back (-want +got):\n%s", diff)
	}
}

func TestWrongPages(t *testing.T) {
	a := acme(t)
	for _, query := range []string{
		"page[size]=0", "page[size]=101", "page[size]=many", "page[size]=-1", "page[after]=nobodys", "page[before]=nobodys", "page[after]=a&page[before]=b",
	} {
		for _, list := range []string{"bundles", "job_specs"} {
			if res := a.do("GET", registry+"acme/"+list+"?"+query, admin, ""); res.Status != 400 || res.Type != jsonType {
				t.Errorf("%s?%s: %d %s, want 400 in JSON", list, query, res.Status, res.Type)
			}
		}
	}
}
