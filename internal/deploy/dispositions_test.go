package deploy_test

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/deploy"
	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
	"github.com/zisdeploy/zis-deploy/internal/registry"
	"github.com/zisdeploy/zis-deploy/internal/source"
	"github.com/zisdeploy/zis-deploy/internal/verdict"
	"github.com/zisdeploy/zis-deploy/internal/zis"
)

// richText is a bundle in which each way of giving it back otherwise shows.
func richText(comment string, specs ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `{"name": "a", "description": "what it does", "zis_template_version": "2019-10-14", "resources": {
	"act": {"type": "ZIS::Action::Http", "properties": {"name": "act", "definition": {
		"method": "POST", "path": "/api/v2/tickets/{{$.id}}?x=<1>&y=/", "connectionName": "zendesk",
		"headers": [{"key": "X-Two", "value": "2"}, {"key": "Authorization", "value": "Basic YWJjZGVmZ2hpamtsbW5vcA=="}, {"key": "Accept", "value": "text/plain"}],
		"queryParams": [{"key": "b", "value": "2"}, {"key": "a", "value": "1"}],
		"requestBody": {"empty": "", "none": null, "list": [], "deep": {"object": {}}, "api_key": "s3cr3t-s3cr3t-s3cr3t",
			"id": 1260800799110, "long": 12345678901234567, "part": 1.5, "third": 0.1234567890123, "big": 3000000000,
			"text": "  two  spaces\r\nand &amp; <b>lines</b> caf\u00e9 \u2603 😀 %s", "many": "%s"}}}},
	"a_f": {"type": "ZIS::Flow", "properties": {"name": "a_f", "definition": {"StartAt": "A", "States": {
		"A": {"Type": "Action", "ActionName": "zis:acme:action:act", "Parameters": {"id.$": "$.input.id", "e": ""}, "ResultPath": "$.r",
			"TimeoutSeconds": 7, "Next": "C", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "E"}]},
		"C": {"Type": "Choice", "Comment": "a or b", "Choices": [{"Variable": "$.r.x", "StringEquals": "a", "Next": "E"}, {"Variable": "$.r.x", "StringEquals": "b", "Next": "P"}], "Default": "E"},
		"P": {"Type": "Pass", "Result": {}, "ResultPath": "$.p", "Next": "E"},
		"E": {"Type": "Succeed"}}}}}`, comment, strings.Repeat("many words ", 40))
	for _, s := range specs {
		fmt.Fprintf(&b, `, %q: {"type": "ZIS::JobSpec", "properties": {"name": %q, "event_source": "support",
			"event_type": "ticket.TicketCreated", "flow_name": "zis:acme:flow:a_f"}}`, s, s)
	}
	return b.String() + "}}"
}

var (
	rich1 = richText("one", "keep", "old")
	rich2 = richText("two", "keep", "new")
)

// scene is one way to deploy: a column of the table.
type scene struct {
	name   string
	first  bool // nothing was there before
	opt    deploy.Options
	source string
	on     []string // job specs of ours that are on in the end
	refuse bool     // an install is refused for good, so it leads back
	saved  bool     // what a plan file said is carried out
	same   bool     // the very same again
	soon   bool     // right after the deploy before
}

func scenes() []scene {
	list := deploy.Options{JobSpecs: deploy.ParseSelection("keep")}
	none := deploy.Options{JobSpecs: deploy.ParseSelection("none"), Prune: true, PruneLimit: 9}
	return []scene{
		{name: "first", first: true, source: rich1, on: []string{"keep", "old"}},
		{name: "unchanged", source: rich1, on: []string{"keep", "old"}, same: true},
		{name: "changed", source: rich2, on: []string{"keep", "new"}},
		{name: "pruned", source: rich2, on: []string{"keep", "new"}, opt: pruneAll},
		{name: "one listed", source: rich2, on: []string{"keep"}, opt: list},
		{name: "none", source: rich2, opt: none},
		{name: "saved plan", source: rich2, on: []string{"keep", "new"}, saved: true},
		{name: "unchanged at once", source: rich1, on: []string{"keep", "old"}, same: true, soon: true},
		{name: "changed at once", source: rich2, on: []string{"keep", "new"}, soon: true},
		{name: "way back", source: rich2, on: []string{"keep", "new"}, refuse: true},
	}
}

// about are the dispositions that a deploy meets.
func about(t *testing.T) []platform.Disposition {
	list := slices.DeleteFunc(platform.Dispositions(), func(d platform.Disposition) bool {
		return strings.HasPrefix(d.Name, "register-") || strings.HasPrefix(d.Name, "token-") || strings.HasPrefix(d.Name, "clients-") ||
			strings.HasPrefix(d.Name, "apps-") || strings.HasPrefix(d.Name, "client-")
	})
	if len(list) < 150 {
		t.Errorf("only %d dispositions", len(list))
	}
	return list
}

// whole plays every disposition: what a nightly run does, and what rewriting
// the table needs. Else every sixteenth is, each day others.
var whole = flag.Bool("whole", false, "play every disposition of the platform")

// always are those played every time: each has once stopped every deploy.
var always = []string{
	"install-again-409", "row-foreign-bundle-null", "row-foreign-job-spec-text", "row-foreign-job-spec-nameless",
	"history-without-bodies", "form-byte-order-mark", "form-wrapped",
}

// TestDispositions deploys in every scene to an account that behaves in every
// way that the references leave open. Whatever the platform does: the verdict
// is true, nothing that was on is lost unsaid, other bundles stay on, an
// unchanged account isn't written to, and a deploy to the same account, when it
// behaves as documented, converges.
func TestDispositions(t *testing.T) {
	all := about(t)
	table := newTable(all)
	part := 16
	if testing.Short() {
		part = 64
	}
	for i, d := range all {
		if !*whole && !*update && i%part != time.Now().YearDay()%part && !slices.Contains(always, d.Name) {
			continue
		}
		for _, s := range scenes() {
			table.count(d.Topic, s.name, play(t, d, s))
		}
	}
	if *whole || *update {
		page(t, "dispositions", table.String())
	}
}

// table counts the outcomes of cells by topic and scene.
type table struct {
	topics []string
	size   map[string]int
	cells  map[string]map[string]map[string]int
}

func newTable(all []platform.Disposition) *table {
	b := &table{size: map[string]int{}, cells: map[string]map[string]map[string]int{}}
	for _, d := range all {
		if b.size[d.Topic]++; b.size[d.Topic] == 1 {
			b.topics = append(b.topics, d.Topic)
			b.cells[d.Topic] = map[string]map[string]int{}
		}
	}
	return b
}

func (b *table) count(topic, scene, outcome string) {
	if b.cells[topic][scene] == nil {
		b.cells[topic][scene] = map[string]int{}
	}
	b.cells[topic][scene][outcome]++
}

// String is the part of docs/reliability.md.
func (b *table) String() string {
	var out strings.Builder
	sum := 0
	for _, n := range b.size {
		sum += n
	}
	fmt.Fprintf(&out, platformIntro, sum, sum*len(scenes()))
	out.WriteString("| what may be different | ways |")
	for _, s := range scenes() {
		fmt.Fprintf(&out, " %s |", s.name)
	}
	out.WriteString("\n|---|--:|" + strings.Repeat("---|", len(scenes())) + "\n")
	for _, topic := range b.topics {
		fmt.Fprintf(&out, "| %s | %d |", topic, b.size[topic])
		for _, s := range scenes() {
			var parts []string
			for _, o := range []string{"succeeded", "unproven", "restored", "unchanged", "failed"} {
				if n := b.cells[topic][s.name][o]; n > 0 {
					parts = append(parts, fmt.Sprintf("%d %s", n, o))
				}
			}
			fmt.Fprintf(&out, " %s |", strings.Join(parts, ", "))
		}
		out.WriteString("\n")
	}
	return out.String() + platformWords
}

// stage is an account on which a scene is played.
type stage struct {
	*rig
	d      platform.Disposition
	s      scene
	name   string
	wrongs []string // told after the bubble, which ends with the first error in it
}

func (g *stage) wrong(format string, args ...any) {
	g.wrongs = append(g.wrongs, fmt.Sprintf(format, args...))
}

func play(t *testing.T, d platform.Disposition, s scene) (outcome string) {
	var wrongs []string
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		g := &stage{rig: r, d: d, s: s, name: d.Name + "/" + s.name}
		g.client = g.withBoth()
		g.settle = 0
		if d.Effect == platform.Late {
			g.settle = 2 * time.Minute
		}
		g.prepare()
		outcome = g.perform()
		g.again()
		wrongs = g.wrongs
	})
	for _, w := range wrongs {
		t.Error(w)
	}
	return outcome
}

// withBoth is a client with an API token and a ZIS OAuth token.
func (g *stage) withBoth() *registry.Client {
	if err := g.server.Grant("zis-token-of-acme", "acme"); err != nil {
		g.t.Fatal(err)
	}
	client, err := registry.New("http://localhost", registry.Credentials{Email: "a@example.com", APIToken: token, ZISToken: "zis-token-of-acme"},
		registry.WithTransport(g.rig.client.HTTP.Transport))
	if err != nil {
		g.t.Fatal(err)
	}
	return client
}

// begin makes the account behave. What hides or refuses begins behind the plan:
// at the first write.
func (g *stage) begin() {
	behave := func() {
		if err := g.server.Behave(g.d.Name); err != nil {
			g.t.Error(err)
		}
	}
	if g.d.Effect != platform.Hidden && g.d.Effect != platform.Refused || strings.HasPrefix(g.d.Name, "masked-") {
		behave()
		return
	}
	var once sync.Once
	g.server.SetFault(func(req *http.Request, real http.Handler) http.Handler {
		if req.Method != http.MethodGet {
			once.Do(behave)
		}
		return g.refusing(req, real)
	})
}

// refusing is the fault of the scene whose install is refused for good.
func (g *stage) refusing(req *http.Request, real http.Handler) http.Handler {
	time.Sleep(10*time.Millisecond + turn(req)) // requests take time: what comes first is to be told from what comes next
	if !g.s.refuse || req.Method != http.MethodPost || req.URL.Query().Get("job_spec_name") != "zis:acme:job_spec:new" {
		return real
	}
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "not for you", http.StatusForbidden) })
}

// turn puts writes of job specs that are made side by side into one order: on
// a platform that refuses the second, it is always the same one.
func turn(req *http.Request) time.Duration {
	sum := time.Duration(0)
	for _, c := range []byte(req.URL.Query().Get("job_spec_name")) {
		sum += time.Duration(c)
	}
	return sum
}

// prepare brings the account to where the scene begins: another bundle of the
// integration that fires, and the first version of ours.
func (g *stage) prepare() {
	g.t.Helper()
	ctx := context.Background()
	other := bundleText("other", "theirs", "four")
	if err := g.client.Upload(ctx, "acme", read(g.t, other).Doc.JSON()); err != nil {
		g.t.Fatal(err)
	}
	if err := g.client.Install(ctx, "zis:acme:job_spec:four"); err != nil {
		g.t.Fatal(err)
	}
	early := g.d.Effect == platform.Kept || g.d.Effect == platform.Late || g.d.Effect == platform.Changed || strings.HasPrefix(g.d.Name, "masked-")
	if early {
		g.begin()
		g.server.SetFault(g.refusing)
	}
	if !g.s.first {
		_, on := g.truth()
		_, res := g.deploy(ctx, deploy.Options{}, rich1)
		g.truthful("the first deploy", res, rich1, []string{"keep", "old"}, nil, on)
		if !g.s.soon {
			time.Sleep(3 * time.Minute)
		}
	}
	if !early {
		g.begin()
	}
}

// perform plays the scene and judges how it ends.
func (g *stage) perform() string {
	before, wasOn := g.truth()
	g.server.ResetRequests()
	plan, res := g.carryOut()
	if g.s.same && g.server.Wrote() && !g.mayWriteAgain() {
		g.wrong("%s: an unchanged account is written to: %v; %s", g.name, res.Err, changesOf(plan.Plan))
	}
	if g.d.Effect == platform.Kept && !g.s.refuse && res.Err != nil {
		g.wrong("%s: %v", g.name, res.Err)
	}
	return g.truthful("the deploy", res, g.s.source, g.s.on, before, wasOn)
}

// mayWriteAgain: what the registry has changed may be what somebody else has
// uploaded, until it has done the same twice.
func (g *stage) mayWriteAgain() bool {
	return g.d.Effect == platform.Changed || g.d.Effect == platform.Late
}

func changesOf(p deploy.Plan) string {
	var list []string
	for _, b := range p.Bundles {
		list = append(list, fmt.Sprint(b.Action), fmt.Sprint(b.Changes))
		for _, r := range b.Resources {
			list = append(list, fmt.Sprint(r.Changes))
		}
	}
	return strings.Join(list, " ") + steps(p)
}

func (g *stage) carryOut() (deploy.Prepared, deploy.Result) {
	if !g.s.saved {
		return g.deploy(context.Background(), g.s.opt, g.s.source)
	}
	first, err := g.plan(g.s.source)
	if err != nil {
		return deploy.Prepared{}, deploy.Result{Err: err, Rollback: deploy.NotNeeded}
	}
	text, err := first.Save("test")
	if err != nil {
		g.t.Fatal(err)
	}
	saved, err := deploy.Load(text)
	if err != nil {
		g.t.Fatal(err)
	}
	second, err := g.plan(g.s.source)
	if err == nil {
		err = second.Same(saved, "test")
	}
	if err != nil {
		return second, deploy.Result{Err: err, Rollback: deploy.NotNeeded}
	}
	return second, deploy.Apply(context.Background(), g.client, second, g.settings())
}

func (g *stage) plan(src string) (deploy.Prepared, error) {
	have, err := deploy.Read(context.Background(), g.client, "acme")
	if err != nil {
		return deploy.Prepared{}, err
	}
	return deploy.NewPlan([]*zis.Bundle{read(g.t, src)}, have, deploy.Options{History: deploy.ReadHistory(g.journal, "test", "acme")})
}

// truth is what the account really holds: our bundle, and which job specs are
// on.
func (g *stage) truth() (body *source.Document, on []string) {
	i := g.server.State().Integration("acme")
	for _, s := range i.JobSpecs {
		if s.Installed {
			on = append(on, s.Name)
		}
	}
	slices.Sort(on)
	if b := i.Bundle("a"); b != nil {
		doc, err := source.Stored("a", b.Body)
		if err != nil {
			g.t.Fatal(err)
		}
		body = doc
	}
	return body, on
}

// truthful checks that what is told is so, and returns the outcome.
func (g *stage) truthful(what string, res deploy.Result, src string, want []string, before *source.Document, wasOn []string) string {
	g.t.Helper()
	if g.d.Effect == platform.Late {
		time.Sleep(3 * time.Minute)
	}
	body, on := g.truth()
	ours := body != nil && deploy.Means(read(g.t, src).Doc, body)
	isOn := func(name string) bool { return slices.Contains(on, name) }
	told := fmt.Sprintf("%s: %s ends with %v, rollback %q %q; on are %v", g.name, what, res.Err, res.Rollback, res.ByHand, on)
	if !isOn("four") && !g.mentions(res, "four") {
		g.wrong("%s: another bundle's job spec is off", told)
	}
	switch {
	case res.Err == nil:
		for _, name := range want {
			if !isOn(name) {
				g.wrong("%s: %q is off", told, name)
			}
		}
		if !ours {
			g.wrong("%s: and the account holds something else", told)
		}
		for _, arn := range res.Uninstalled {
			if name := arn[strings.LastIndexByte(arn, ':')+1:]; isOn(name) {
				g.wrong("%s: %q is not uninstalled", told, name)
			}
		}
		return "succeeded"
	case verdict.ReasonOf(res.Err) == verdict.NotProven:
		if res.Rollback != deploy.NotNeeded {
			g.wrong("%s: nothing was refused", told)
		}
		for _, name := range want {
			if !isOn(name) {
				g.wrong("%s: %q is off", told, name)
			}
		}
		return "unproven"
	case res.Rollback == deploy.Restored:
		if !g.isBefore(before, wasOn) {
			g.wrong("%s: that is not what was on, %v", told, wasOn)
		}
		return "restored"
	}
	for _, name := range wasOn { // nothing is lost unsaid
		if !isOn(name) && slices.Contains(want, name) && !g.mentions(res, name) && !strings.Contains(res.Err.Error(), "are off") {
			g.wrong("%s: %q is off, and nobody says so", told, name)
		}
	}
	if g.isBefore(before, wasOn) {
		return "unchanged"
	}
	return "failed"
}

func (g *stage) mentions(res deploy.Result, name string) bool {
	text := strings.Join(res.ByHand, " ")
	if res.Err != nil {
		text += res.Err.Error()
	}
	return strings.Contains(text, name)
}

func (g *stage) isBefore(before *source.Document, wasOn []string) bool {
	body, on := g.truth()
	if before == nil {
		return slices.Equal(on, wasOn)
	}
	return slices.Equal(on, wasOn) && body != nil && deploy.Means(before, body)
}

// again deploys once more, to an account that behaves as documented.
func (g *stage) again() {
	g.server.SetFault(nil)
	if err := g.server.Behave(); err != nil {
		g.t.Fatal(err)
	}
	time.Sleep(3 * time.Minute)
	g.settle, g.journal = 0, g.journal+"-of-another"
	_, res := g.deploy(context.Background(), deploy.Options{Prune: true, PruneOrphans: true, PruneLimit: 9}, rich2)
	body, on := g.truth()
	if res.Err != nil || !deploy.Means(read(g.t, rich2).Doc, body) || !slices.Equal(on, []string{"four", "keep", "new"}) {
		g.wrong("%s: afterwards a deploy ends with %v, and on are %v", g.name, res.Err, on)
	}
}
