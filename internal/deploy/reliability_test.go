package deploy_test

import (
	"fmt"
	"strings"
)

// reliability is docs/reliability.md.
func reliability(requests int, once, forGood []counts) string {
	var b strings.Builder
	fmt.Fprintf(&b, `# What happens when a request fails

<!-- Made by TestFaultMatrix: go test ./internal/deploy -run FaultMatrix -update -->

The test suite deploys a changed bundle to an emulated account: a flow that changes, one job spec that stays, one that is new, one that is pruned. It takes %d requests. Each of them is broken in each of %d ways: once, and for good (that request and every later one of its endpoint). That makes **%d cells**, in virtual time.

In every cell the test checks that

- the verdict is true: what the account then holds is what the verdict says;
- a success is what was read back, never what a request answered;
- a second run without faults brings the account to the wanted state;
- no credential is in any output or in the journal, and no request goes to another host;
- the former bundle is on disk, readable by its owner alone, when the first write arrives.

The numbers are cells, those of a fault that comes once and those of one that stays.

`, requests, len(faults), requests*len(faults)*2)
	b.WriteString("| fault | |")
	for _, v := range verdicts {
		fmt.Fprintf(&b, " %s |", v.name)
	}
	b.WriteString("\n|---|---|" + strings.Repeat("--:|", len(verdicts)) + "\n")
	for i, f := range faults {
		row(&b, f.what, "once", once[i])
		row(&b, "", "for good", forGood[i])
	}
	b.WriteString("\n## The verdicts\n\n")
	for _, v := range verdicts {
		fmt.Fprintf(&b, "- **%s**: %s\n", v.name, v.means)
	}
	b.WriteString(`
A read is repeated after a time-out, a broken connection, a 429 or a 5xx. A write is repeated at once only where it had no effect for certain: no connection was made, or the answer was 429. After any other write without an answer the account is read first, and only if the write did not take effect it is made again. So a fault that comes once seldom ends a deploy, and one that stays ends it with the former state brought back, unless the same fault keeps the way back shut.

## Killed, stopped, two at once

- The process is killed after each line of its journal, and run again: it converges.
- SIGTERM at any moment: no write starts after it, the run ends within 7 seconds with exit code 143, and the outputs are written.
- Two deploys of different bundles to one integration at once: at least one of them notices and fails.
`)
	return b.String()
}

func row(b *strings.Builder, what, times string, n counts) {
	fmt.Fprintf(b, "| %s | %s |", what, times)
	for v := range verdicts {
		if n[v] == 0 {
			b.WriteString(" |")
		} else {
			fmt.Fprintf(b, " %d |", n[v])
		}
	}
	b.WriteString("\n")
}
