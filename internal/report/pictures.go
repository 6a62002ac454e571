package report

import (
	"fmt"

	"github.com/zisdeploy/zis-deploy/internal/compare"
	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/diagram"
	"github.com/zisdeploy/zis-deploy/internal/english"
	"github.com/zisdeploy/zis-deploy/internal/sentences"
)

var actionWords = map[compare.Action]string{compare.Add: "➕ added", compare.Change: "✏️ changed", compare.Remove: "➖ removed"}

// legend says what the colours of a picture mean.
const legend = "➕ green is new, ✏️ amber is changed, ➖ red is gone.\n\n"

// openPictures is how many pictures are shown; more are behind a fold.
const openPictures = 3

// markdownPictures draws each flow that is added, changed or removed, or whose
// requests change.
func (r Report) markdownPictures() []string {
	flows := drawn(r.Told())
	var parts []string
	for i, f := range flows {
		g := diagram.New(f, r.startedBy(f), diagram.Most)
		title := fmt.Sprintf("Flow %s: %s", Code(f.Of().Name.Value), actionWords[f.Action])
		text := leftOutOf(g)
		if f.Action == compare.Change {
			text = legend + text
		}
		text += Fence("mermaid", g.Mermaid()) + "\n"
		if i < openPictures {
			parts = append(parts, "### "+title+"\n\n"+text)
		} else {
			parts = append(parts, "<details><summary>"+title+"</summary>\n\n"+text+"</details>\n\n")
		}
	}
	return parts
}

// nearFlows is how many flows are drawn where there is little room.
const nearFlows = 3

// markdownNear is one picture of all that changes and what is near it, for a
// page with little room.
func (r Report) markdownNear() []string {
	flows := drawn(r.Told())
	if len(flows) == 0 {
		return nil
	}
	shown := flows[:min(len(flows), nearFlows)]
	most := max(4, diagram.Few/len(shown))
	var graphs []diagram.Graph
	var titles []string
	for _, f := range shown {
		graphs = append(graphs, diagram.New(f, r.startedBy(f), most))
		titles = append(titles, f.Of().Name.Value)
	}
	title := "### What changes, and what is near it\n\n"
	if len(flows) == 1 {
		title = fmt.Sprintf("### Flow %s: %s\n\n", Code(titles[0]), actionWords[flows[0].Action])
	}
	g := diagram.Join(graphs, titles)
	text := title + legend + leftOutOf(g)
	if more := len(flows) - len(graphs); more > 0 {
		text += english.Plural(more, "more changed flow") + " not drawn here; the job summary has all pictures.\n\n"
	}
	return []string{text + Fence("mermaid", g.Mermaid()) + "\n"}
}

// drawn are the flows that are worth a picture.
func drawn(told sentences.Told) []sentences.Flow {
	var list []sentences.Flow
	for _, f := range told.Flows {
		if f.Action != compare.Keep && f.Of().Machine != nil {
			list = append(list, f)
		}
	}
	return list
}

func leftOutOf(g diagram.Graph) string {
	if g.LeftOut == 0 {
		return ""
	}
	return fmt.Sprintf("The picture leaves out %s, those farthest from what changes.\n\n", english.Plural(g.LeftOut, "state"))
}

// startedBy are the job specs that start a flow after the deploy.
func (r Report) startedBy(f sentences.Flow) []deploy.SpecPlan {
	var specs []deploy.SpecPlan
	for _, s := range r.Plan.JobSpecs {
		if s.Flow == f.Of().Name.Value && s.Action != deploy.SpecUninstall {
			specs = append(specs, s)
		}
	}
	return specs
}
