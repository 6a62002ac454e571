package apps

import (
	"fmt"
	"mime"
	"net/http"
	"path"
	"slices"

	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// assetPath is where the files of a build are: on a host of the app's own in
// truth, on the account's here.
func assetPath(app int64, stamp string) string { return fmt.Sprintf("/%d/assets/%s/", app, stamp) }

// Asset is a file of an app, for anybody who knows its address (observed).
// manifest.json is not among them: 422 (observed).
func (a *Account) Asset(appID, stamp, file string) wire.Answer {
	if file == "manifest.json" {
		return wire.Plain(http.StatusUnprocessableEntity, "Unprocessable Entity")
	}
	app := a.app(appID)
	if app == nil {
		return notFound()
	}
	n := slices.IndexFunc(app.Builds, func(b Build) bool { return b.Stamp == stamp })
	if n < 0 {
		return notFound()
	}
	content, ok := app.Builds[n].Files[file]
	if !ok {
		return notFound()
	}
	kind := mime.TypeByExtension(path.Ext(file))
	if kind == "" {
		kind = "application/octet-stream"
	}
	return wire.Answer{Status: http.StatusOK, Type: kind, Body: content}.With("Access-Control-Allow-Origin", "*")
}

// Page is the file of an installed app that opens in a location, such as
// "support.nav_bar", and false if it has none. It is for hosts of tests.
func (a *Account) Page(installation int64, location string) (address string, ok bool) {
	i := a.installation(fmt.Sprint(installation))
	if i == nil || !i.Enabled {
		return "", false
	}
	app := a.app(fmt.Sprint(i.AppID))
	file, ok := app.Latest().Manifest.page(location)
	return a.Address(assetPath(app.ID, app.Latest().Stamp) + file), ok
}
