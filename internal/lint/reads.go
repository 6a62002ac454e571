package lint

import (
	"slices"
	"strings"

	"github.com/zisdeploy/zis-deploy/internal/bundle"
	"github.com/zisdeploy/zis-deploy/internal/expr"
)

// unread are the fields of a state whose text is no data: names, notes, and
// the states of an Iterator, which read their item instead.
var unread = []string{"Type", "Comment", "Next", "Default", "ActionName", "ResultPath", "ErrorEquals", "Iterator"}

// readBy are the paths that a state reads, in source order.
func readBy(s *bundle.State) []expr.Path {
	var paths []expr.Path
	collectReads(s.Node, &paths)
	return paths
}

func collectReads(n *bundle.Node, paths *[]expr.Path) {
	if slices.Contains(unread, n.Name) && n.Parent.IsObject() {
		return
	}
	for _, m := range n.Members {
		collectReads(m, paths)
	}
	text, ok := n.Text()
	if !ok {
		return
	}
	template, _ := expr.ParseTemplate(text)
	if isPathField(n.Name) {
		template, _ = expr.ParseValue(text)
	}
	for _, part := range template.Paths() {
		*paths = append(*paths, part.Path)
	}
}

// isPathField tells whether the text of a field may be a path as a whole.
func isPathField(name string) bool {
	return strings.HasSuffix(name, ".$") || strings.HasSuffix(name, "Path") ||
		slices.Contains([]string{"Variable", "Message", "Error", "Cause"}, name)
}

// pathOf reads a path; of anything else it is the empty path.
func pathOf(n *bundle.Node) expr.Path {
	text, _ := n.Text()
	path, err := expr.ParsePath(text)
	if err != nil {
		return expr.Path{}
	}
	return path
}

// firstName is the name at the root of the data that a path begins with; ""
// for "$" itself.
func firstName(p expr.Path) string {
	if len(p.Segments) == 0 {
		return ""
	}
	return p.Segments[0].Name
}

// byStateName are the states of a machine; of a duplicate name the last.
func byStateName(m *bundle.Machine) map[string]*bundle.State {
	states := make(map[string]*bundle.State, len(m.States))
	for _, s := range m.States {
		states[s.Name] = s
	}
	return states
}
