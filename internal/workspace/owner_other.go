//go:build !unix

package workspace

import "os"

const nonblock = 0

func (p *place) give(*os.File) error { return nil }
