package source

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/zisdeploy/zis-deploy/internal/diag"
)

// refuse looks for texts that no JSON parser describes well.
func (p *parser) refuse() (diag.Diagnostic, bool) {
	src := p.file.Src
	switch {
	case len(src) > MaxBytes:
		return p.finding(failure{
			rule:    RuleLimit,
			message: fmt.Sprintf("the file is larger than %d MiB, the most that is read", MaxBytes>>20),
		}), true
	case bytes.HasPrefix(src, []byte("\xef\xbb\xbf")):
		return p.finding(failure{
			span: diag.Span{End: 3}, rule: RuleEncoding,
			message: "the file begins with a UTF-8 byte order mark", help: "save it as UTF-8 without BOM",
		}), true
	case bytes.HasPrefix(src, []byte("\xff\xfe")), bytes.HasPrefix(src, []byte("\xfe\xff")),
		bytes.HasPrefix(src, []byte("{\x00")), bytes.HasPrefix(src, []byte("\x00{")):
		return p.finding(failure{
			span: diag.Span{End: 2}, rule: RuleEncoding,
			message: "the file is UTF-16", help: "save it as UTF-8 without BOM",
		}), true
	}
	if d, is := p.other(); is {
		return d, true
	}
	if at := invalidUTF8(src); at >= 0 {
		return p.finding(failure{
			span: diag.Span{Start: int32(at), End: int32(at + 1)}, rule: RuleEncoding,
			message: fmt.Sprintf("byte 0x%02x is not valid UTF-8", src[at]), help: "save the file as UTF-8",
		}), true
	}
	return diag.Diagnostic{}, false
}

func invalidUTF8(src []byte) int {
	if utf8.Valid(src) {
		return -1
	}
	for i := 0; i < len(src); {
		r, n := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}
