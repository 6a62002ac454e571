package emulator

import (
	"net/http"
	"time"

	"github.com/zisdeploy/zis-deploy/internal/emulator/platform"
	"github.com/zisdeploy/zis-deploy/internal/emulator/wire"
)

// sessionCookie names the cookie of a browser that is signed in.
const sessionCookie = "_zendesk_session"

// sessionLife is how long a session lasts (ours: the account's own setting).
const sessionLife = 8 * time.Hour

// Session is a person's browser that is signed in.
type Session struct {
	User      string    `json:"user"` // email
	CSRF      string    `json:"csrf"` // what writes must bear in X-CSRF-Token
	ExpiresAt time.Time `json:"expires_at"`
}

// userRoutes are the endpoints of users.
func userRoutes() []route {
	return []route{
		{"", "GET /api/v2/users/me.json", anybody(), (*Server).me},
	}
}

// SignIn opens the session of a person, who is an admin unless SetAgent said
// otherwise. The cookie is for the browser; writes need the session's CSRF
// token in the header X-CSRF-Token as well.
func (s *Server) SignIn(email string) (*http.Cookie, Session, error) {
	id := randomText()
	var session Session
	err := s.Edit(func(st *State) {
		session = Session{User: email, CSRF: randomText(), ExpiresAt: s.now().UTC().Round(0).Add(sessionLife)}
		st.Sessions[id] = session
	})
	return &http.Cookie{Name: sessionCookie, Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}, session, err
}

// SetAgent says that a person is an agent who is no admin, or is one again.
func (s *Server) SetAgent(email string, agent bool) error {
	return s.Edit(func(st *State) {
		if agent {
			st.Agents[email] = true
		} else {
			delete(st.Agents, email)
		}
	})
}

func sessionID(r *http.Request) string {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return ""
	}
	return c.Value
}

func (s *Server) session(r *http.Request) identity {
	session, known := s.state.Sessions[sessionID(r)]
	if !known || !s.now().Before(session.ExpiresAt) {
		return identity{}
	}
	return identity{kind: platform.Session, user: session.User}
}

// me is who asks (documented for pages of the Help Center: with the token for
// X-CSRF-Token in authenticity_token).
func (s *Server) me(r *request) wire.Answer {
	role := "admin"
	if s.state.Agents[r.who.user] {
		role = "agent"
	}
	user := map[string]any{"id": 1, "email": r.who.user, "name": r.who.user, "role": role}
	if r.who.kind == platform.Session {
		user["authenticity_token"] = s.state.Sessions[sessionID(r.Request)].CSRF
	}
	return wire.Reply(http.StatusOK, map[string]any{"user": user})
}
