package registry

import (
	"slices"
	"time"
)

// Request is one try that was made.
type Request struct {
	Op         string // what it was for: "install zis:x:job_spec:a"
	Method     string
	Path       string
	Credential Kind // which credential went with it
	Try        int  // from 1
	Status     int  // 0: no answer
	Start      time.Time
	Took       time.Duration
	Err        error // nil: success
}

// Retry says that a request is about to be made again.
type Retry struct {
	Op   string        // what is waited for
	Try  int           // the one that comes, from 2
	Of   int           // the last one there can be
	Wait time.Duration // until then
	Told time.Duration // what the server asked for (Retry-After), more than Wait if that is capped; 0: nothing
	Err  error         // why, and of which request
}

// Stats sums up the requests of a Client.
type Stats struct {
	Requests int
	Retries  int           // of Requests, those that repeat one
	Total    time.Duration // of all requests, as if they ran one after the other
	Critical time.Duration // of the longest chain, in which each began when the former had ended
	Chain    int           // requests in that chain
}

// Stats sums up what was asked so far.
func (c *Client) Stats() Stats {
	var s Stats
	for _, r := range c.Requests() {
		s.Requests++
		s.Total += r.Took
		if r.Try > 1 {
			s.Retries++
		}
	}
	s.Critical, s.Chain = LongestChain(c.Requests())
	return s
}

// LongestChain finds the requests that took longest one after the other: what
// no concurrency could have made shorter.
func LongestChain(log []Request) (took time.Duration, n int) {
	slices.SortFunc(log, func(a, b Request) int { return a.Start.Add(a.Took).Compare(b.Start.Add(b.Took)) })
	type chain struct {
		ends time.Time
		took time.Duration
		n    int
	}
	best := []chain{{}} // of the requests that ended up to then
	for _, r := range log {
		i, _ := slices.BinarySearchFunc(best[1:], r.Start, func(c chain, start time.Time) int {
			if c.ends.After(start) {
				return 1
			}
			return -1
		})
		last := best[len(best)-1]
		with := chain{r.Start.Add(r.Took), best[i].took + r.Took, best[i].n + 1}
		if with.took <= last.took {
			with.took, with.n = last.took, last.n
		}
		best = append(best, with)
	}
	last := best[len(best)-1]
	return last.took, last.n
}

// Requests lists what was asked so far, in the order of the answers.
func (c *Client) Requests() []Request {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.log)
}

func (c *Client) noteRequest(r Request) {
	c.mu.Lock()
	c.log = append(c.log, r)
	c.mu.Unlock()
	if c.OnRequest != nil {
		c.hooks.Lock()
		defer c.hooks.Unlock()
		c.OnRequest(r)
	}
}

func (c *Client) noteRetry(r Retry) {
	if c.OnRetry != nil {
		c.hooks.Lock()
		defer c.hooks.Unlock()
		c.OnRetry(r)
	}
}
