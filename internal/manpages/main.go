// Command manpages writes a manual page for each verb of zis into a folder,
// dated by a time in seconds since 1970. Packages and archives hold them.
package main

import (
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra/doc"

	"github.com/zisdeploy/zis-deploy/internal/cli"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "manpages:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("usage: manpages FOLDER UNIXTIME; have %q", args)
	}
	seconds, err := strconv.ParseInt(args[1], 10, 64)
	if err != nil {
		return fmt.Errorf("the time %q is not in seconds since 1970", args[1])
	}
	if err := os.MkdirAll(args[0], 0o755); err != nil {
		return err
	}
	date := time.Unix(seconds, 0).UTC()
	root := cli.Verbs()
	root.DisableAutoGenTag = true // it names today
	return doc.GenManTree(root, &doc.GenManHeader{Title: "ZIS", Section: "1", Source: "zis-deploy", Manual: "ZIS deploy", Date: &date}, args[0])
}
