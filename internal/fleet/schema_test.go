package fleet_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/xeipuuv/gojsonschema"

	"github.com/zisdeploy/zis-deploy/internal/fleet"
)

func TestReportsAreWhatTheSchemaSays(t *testing.T) {
	bubble(t, func(t *testing.T) {
		text, err := os.ReadFile("../../schemas/fleet.schema.json")
		if err != nil {
			t.Fatal(err)
		}
		schema, err := gojsonschema.NewSchema(gojsonschema.NewBytesLoader(text))
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(t, "record: config\nrings: [first, second]\ntargets:\n"+target("a", "first", "")+target("b", "second", "")+byApp("c", "second"), nil)
		w.files(public("one"), "v1")
		refused, _ := w.promote("second")
		first := w.must("first")
		w.files(public("two"), "v2")
		again := w.must("first")
		second := w.must("second")
		w.files(public("three"), "v3")
		behind := w.told()
		if c := second.Rows[1]; c.Verdict != fleet.Pending || !strings.HasSuffix(c.Link, "/accounts/c/agent/apps/zis-deploy-crm-c") {
			t.Errorf("%+v", c)
		}
		if len(behind.Rows[0].Sentences) == 0 {
			t.Error("nothing says what the release would change")
		}
		foreseen, err := fleet.Promotion{
			Project: w.project, Ring: "first", Targets: w.project.In("first"), Release: w.worker.Keeper.Release, Worker: w.worker, DryRun: true,
		}.Run(t.Context())
		if err != nil || foreseen.Count(fleet.Planned) != 1 || len(foreseen.Rows[0].Sentences) == 0 {
			t.Errorf("%v: %+v", err, foreseen.Rows)
		}
		for _, r := range []fleet.Report{foreseen, refused, first, again, second, behind, surveyOf(t, "status"), surveyOf(t, "drift")} {
			written, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			result, err := schema.Validate(gojsonschema.NewBytesLoader(written))
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range result.Errors() {
				t.Errorf("%s: %s\n%s", r.Sentence, e, written)
			}
		}
	})
}

// byApp is a target of a world whose releases an admin applies: they hold no
// secret.
func byApp(name, ring string) string {
	return fmt.Sprintf("  %s: {base-url: http://localhost/accounts/%s, integration: crm_%s, ring: %s, via: app}\n", name, name, name, ring)
}

// public is a bundle without a placeholder.
func public(message string) string {
	return `{"zis_template_version": "2019-10-14", "name": "notify", "resources": {
  "f": {"type": "ZIS::Flow", "properties": {"name": "f", "definition": {"StartAt": "B", "States": {"B": {"Type": "Succeed", "Message": "` + message + `"}}}}},
  "s": {"type": "ZIS::JobSpec", "properties": {"name": "s", "event_source": "support", "event_type": "ticket.TicketCreated", "flow_name": "zis:x:flow:f"}}}}`
}
