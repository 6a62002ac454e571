package deploy_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// page holds one part of docs/reliability.md to what a test has found, or
// rewrites it.
func page(t *testing.T, part, text string) {
	t.Helper()
	const file = "../../docs/reliability.md"
	have, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := fmt.Sprintf("<!-- %s: begin -->\n", part), fmt.Sprintf("<!-- %s: end -->\n", part)
	before, rest, ok := strings.Cut(string(have), begin)
	was, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for %s", file, part)
	}
	if *update {
		if err := os.WriteFile(file, []byte(before+begin+text+end+after), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(text, was); diff != "" {
		t.Errorf("%s is not what the test says; go test ./internal/deploy -update rewrites it (-want +got)\n%s", file, diff)
	}
}

const platformIntro = `
# What happens on a platform that behaves otherwise

Nobody has asked the real platform. Where its references are silent or contradict each other, the emulated account can behave in each of **%d ways** (docs/emulator.md names them): what an upload switches off and when, how late a reading is, what becomes of former entries, how a body is given back or changed, how lists, rows and answers look, what a credential may do. Each is played in ten scenes, which makes **%d cells**, in virtual time. In each the test looks into the account itself and checks that

- the verdict is true: what is told done is on, and what is told restored is what was there;
- nothing that was on is lost unsaid, and another bundle's job spec stays on;
- an unchanged account isn't written to;
- where the platform keeps what it was sent, the deploy succeeds, whatever form it gives it back in; where job specs go off late, it is told to look again (--settle);
- nothing is taken back because a proof is missing;
- a deploy after that, to an account that behaves as the references say, converges.

`

const platformWords = `
The scene "way back" refuses an install for good: "restored" is what it must end with, and "failed" is a way back that could not be read back or was not tried, because the registry had changed or masked what would have to be uploaded. "unchanged" and "restored" elsewhere are platforms that refuse the requests themselves.
`

// reliability is the first part of docs/reliability.md.
func reliability(requests int, once, forGood []counts) string {
	var b strings.Builder
	fmt.Fprintf(&b, `# What happens when a request fails

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
- SIGTERM at any moment: nothing new begins after it, but the job specs that an upload has switched off are installed; the run ends within 7 seconds with exit code 143, and the outputs are written.
- Two deploys of different bundles to one integration at once, in 200 orders, with job specs and without: what is told done is overwritten by nobody who has not seen it. The registry has no conditional writes, so this holds as far as anything can: each looks at the account right before its upload, again after every pause, and reads back no sooner than another one of its speed would have uploaded (half as long again).
- A person who uploads at any moment of a deploy, while a request is repeated, or between two bundles: noticed before the upload, and never overwritten by a way back.
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
