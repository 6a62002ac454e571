package apps

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// maxPackage is the size of a private app's zip (documented).
const maxPackage = 2 << 20

// Upload is a package that is not an app yet.
type Upload struct {
	ID  int64     `json:"id"`
	Zip []byte    `json:"zip"`
	At  time.Time `json:"at"`
}

// TakeUpload keeps a package: 201 with its id (observed). A package is not
// looked into before it is built. What is answered to one that is too large,
// or to a form without it, is not told.
func (a *Account) TakeUpload(contentType string, body []byte) wire.Answer {
	file, err := fileOf(contentType, body)
	switch {
	case err != nil:
		return invalid("uploaded_data: " + err.Error())
	case len(file) > maxPackage:
		return invalid("uploaded_data: the file is larger than 2 MB")
	}
	u := &Upload{ID: a.NewID(), Zip: file, At: a.Now}
	a.Uploads = append(a.Uploads, u)
	return wire.Reply(http.StatusCreated, map[string]any{"id": u.ID})
}

// fileOf is the field uploaded_data of a form.
func fileOf(contentType string, body []byte) ([]byte, error) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || kind != "multipart/form-data" {
		return nil, http.ErrNotMultipart
	}
	form := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for {
		part, err := form.NextPart()
		if err == io.EOF {
			return nil, http.ErrMissingFile
		}
		if err != nil {
			return nil, err
		}
		if part.FormName() == "uploaded_data" && part.FileName() != "" {
			return io.ReadAll(part)
		}
	}
}

func (a *Account) upload(n id) *Upload {
	i := slices.IndexFunc(a.Uploads, func(u *Upload) bool { return u.ID == int64(n) })
	if i < 0 {
		return nil
	}
	return a.Uploads[i]
}
