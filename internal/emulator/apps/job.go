package apps

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// jobTime is how long a build takes here; clients look every one to three
// seconds (observed).
const jobTime = 2 * time.Second

// Job builds an app.
type Job struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Upload  int64     `json:"upload"`
	App     int64     `json:"app"` // 0: a new one
	Name    string    `json:"name,omitempty"`
	Done    bool      `json:"done"`
	Failure string    `json:"failure,omitempty"`
}

// Create starts to build a new app: 202 with the job (its status is inferred).
func (a *Account) Create(body []byte) wire.Answer {
	var ask struct {
		UploadID id     `json:"upload_id"`
		Name     string `json:"name"`
	}
	if err := decode(body, &ask); err != nil {
		return invalid(err.Error())
	}
	if ask.Name == "" {
		return invalid("name: cannot be blank")
	}
	return a.start(Job{Upload: int64(ask.UploadID), Name: ask.Name})
}

// Update starts to build another version of an app. Without upload_id it
// breaks, as one project saw.
func (a *Account) Update(appID string, body []byte) wire.Answer {
	var ask struct {
		UploadID id `json:"upload_id"`
	}
	app := a.app(appID)
	switch err := decode(body, &ask); {
	case app == nil:
		return notFound()
	case err != nil:
		return invalid(err.Error())
	case ask.UploadID == 0:
		return wire.Reply(http.StatusInternalServerError, map[string]string{"error": "InternalError", "description": "no implicit conversion of nil into String"})
	}
	return a.start(Job{Upload: int64(ask.UploadID), App: app.ID})
}

func (a *Account) start(j Job) wire.Answer {
	if u := a.upload(id(j.Upload)); u == nil || a.Now.Sub(u.At) < a.Rules.Replicates {
		return invalid("upload_id: the upload is not known")
	}
	j.ID, j.At = randomHex(), a.Now
	a.Jobs = append(a.Jobs, &j)
	return wire.Reply(http.StatusAccepted, map[string]any{"job_id": j.ID})
}

// JobStatus tells how far a job is: queued, working, then completed or failed.
// A job takes effect with the first look after its end.
func (a *Account) JobStatus(jobID string) wire.Answer {
	jobID = strings.TrimSuffix(jobID, ".json")
	n := slices.IndexFunc(a.Jobs, func(j *Job) bool { return j.ID == jobID })
	if n < 0 {
		return notFound()
	}
	j := a.Jobs[n]
	took, whole := a.Now.Sub(j.At), jobTime
	if a.Rules.JobTime > 0 {
		whole = a.Rules.JobTime
	}
	status, message := "completed", "The app was built."
	switch {
	case took < whole/2:
		return a.job(j, "queued", "", 0)
	case took < whole:
		return a.job(j, "working", "", 50)
	case !j.Done:
		a.finish(j)
	}
	if j.Failure != "" {
		status, message = "failed", j.Failure
	}
	return a.job(j, status, message, 100)
}

func (a *Account) job(j *Job, status, message string, progress int) wire.Answer {
	entry := map[string]any{
		"id": j.ID, "url": a.Address("/api/v2/apps/job_statuses/" + j.ID), "status": status, "message": message,
		"progress": progress, "total": 100, "retry_in": 1, "app_id": nil,
	}
	if j.Done && j.Failure == "" {
		entry["app_id"] = j.App
	}
	return wire.Reply(http.StatusOK, entry)
}

// finish builds the app.
func (a *Account) finish(j *Job) {
	j.Done = true
	u := a.upload(id(j.Upload))
	if u == nil {
		j.Failure = "the upload is gone"
		return
	}
	b, err := build(u.Zip)
	if err != nil {
		j.Failure = err.Error()
		return
	}
	a.Uploads = slices.DeleteFunc(a.Uploads, func(other *Upload) bool { return other == u })
	b.At, b.Stamp = a.Now, fmt.Sprintf("%d-%s", a.Now.Unix(), randomHex())
	app := a.app(fmt.Sprint(j.App))
	if app == nil {
		app = &App{ID: a.NewID(), Name: j.Name, CreatedAt: a.Now}
		a.Apps, j.App = append(a.Apps, app), app.ID
	} else if a.Rules.SameStamp {
		b.Stamp = app.Latest().Stamp
		app.Builds = nil
	}
	app.Builds = append(app.Builds, b)
}

// randomHex is an id of 32 hexadecimal digits.
func randomHex() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}
