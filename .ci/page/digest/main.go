// Command digest reads JSON documents, one after each NUL byte, and writes for
// each the digest and the skeleton's digest with its pointers as the program
// computes them, as a line of JSON; null for what the program refuses.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/diag"
	"github.com/zisdeploy/zis-deploy/internal/source"
)

type digests struct {
	Whole   string   `json:"whole"`
	Blanked string   `json:"blanked"`
	At      []string `json:"at"`
}

func main() {
	in, err := io.ReadAll(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	enc := json.NewEncoder(out)
	for text := range bytes.SplitSeq(in, []byte{0}) {
		var d *digests
		if doc, _ := source.Parse(diag.NewFile("x.json", text)); doc != nil {
			d = &digests{Whole: doc.Digest()}
			d.Blanked, d.At = doc.Skeleton(func(n *source.Node) bool { return strings.Contains(n.Name, "secret") })
		}
		if err := enc.Encode(d); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}
