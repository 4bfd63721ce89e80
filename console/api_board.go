package console

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ringway/console/board"
	"ringway/console/staff"
	"ringway/store"
	"ringway/store/report/words"
)

// Board is the wallboard; console/board's Board is one.
type Board interface {
	View() (board.View, uint64)
	// Next waits for a view later than one that was seen.
	Next(ctx context.Context, seen uint64) (board.View, uint64, error)
}

// Walls keeps the tokens of screens.
type Walls interface {
	AddWallToken(ctx context.Context, w store.WallToken) error
	WallToken(ctx context.Context, hash string) (store.WallToken, error)
	WallTokens(ctx context.Context) ([]store.WallToken, error)
	WallTokenUsed(ctx context.Context, id string, at time.Time) error
	RevokeWallToken(ctx context.Context, id string, at time.Time) error
}

// boardAlive is how often a stream that has nothing to say says so.
const boardAlive = 15 * time.Second

// boardAgain is how often a stream asks whether its screen's token still holds.
const boardAgain = 3 * time.Second

// wallUsed is how exactly the last use of a token is known: not each look is written down.
const wallUsed = time.Minute

// maxWalls bounds the tokens that hold at once.
const maxWalls = 100

type boardInput struct {
	Lang  string `query:"lang" maxLength:"8" enum:"en,zh-TW,ja" doc:"language of the formulas; English when absent"`
	Token string `query:"token" maxLength:"64" doc:"of a screen, instead of a log-in"`
}

// WallView is a screen's token, without the token itself.
type WallView struct {
	ID      string     `json:"id"`
	Label   string     `json:"label"`
	By      string     `json:"by" doc:"who made it; the screen shows the people whom she may see"`
	ByName  string     `json:"by_name,omitempty"`
	Created time.Time  `json:"created"`
	Used    *time.Time `json:"used" doc:"when a screen showed the board with it last, to the minute; null for never"`
}

// NewWall is a screen's token; its address is told this once.
type NewWall struct {
	WallView
	URL string `json:"url"`
}

type wallInput struct {
	Body struct {
		Label string `json:"label,omitempty" maxLength:"100" doc:"where the screen is"`
	}
}

func routeBoard(a *API) {
	register(a, Op{Method: http.MethodGet, Path: "/board", ID: "board", Summary: "The wallboard: the queues now and today so far", Tag: "board", Allow: Anyone()},
		func(ctx context.Context, in *boardInput) (*body[board.View], error) {
			sees, err := a.boardViewer(ctx, in.Token)
			if err != nil {
				return nil, err
			}
			v, _ := a.Board.View()
			return &body[board.View]{v.For(sees).In(words.Lang(in.Lang))}, nil
		})
	register(a, Op{Method: http.MethodGet, Path: "/board/stream", ID: "board-stream", Tag: "board", Media: eventStream, Allow: Anyone(),
		Summary: "The wallboard as server-sent events named board: at once, then on change, at most one a second"}, a.boardStream)
	register(a, Op{Method: http.MethodGet, Path: "/board/tokens", ID: "board-tokens", Summary: "Screens that may show the wallboard without log-in, oldest first", Tag: "board",
		Allow: Allow(staff.Manager)}, a.walls)
	register(a, Op{Method: http.MethodPost, Path: "/board/tokens", ID: "board-token", Summary: "Make an address for a screen on the wall: it shows the board and nothing else",
		Tag: "board", Allow: Allow(staff.Manager), Audit: true, Once: true, Status: http.StatusCreated}, a.newWall)
	register(a, Op{Method: http.MethodDelete, Path: "/board/tokens/{id}", ID: "board-token-revoke", Summary: "Take a screen's address back", Tag: "board",
		Allow: Allow(staff.Manager), Audit: true, Status: http.StatusNoContent},
		func(ctx context.Context, in *struct {
			ID string `path:"id" maxLength:"32"`
		}) (*struct{}, error) {
			return nil, a.revokeWall(ctx, in.ID)
		})
}

// boardViewer says whom who asks may see: by log-in, by key, or by a screen's token.
func (a *API) boardViewer(ctx context.Context, token string) (func(board.Agent) bool, error) {
	who := staff.From(ctx)
	if token != "" {
		w, err := a.Walls.WallToken(ctx, wallHash(token))
		if errors.Is(err, store.ErrNotFound) {
			return nil, refused(http.StatusUnauthorized, "screen_over")
		} else if err != nil {
			return nil, err
		}
		a.noteWall(ctx, w)
		who = staff.Identity{Role: staff.Manager, Teams: w.Teams}
		if w.All {
			who.Role = staff.Admin
		}
	}
	switch {
	case token == "" && !who.Known():
		return nil, refused(http.StatusUnauthorized, "screen_log_in")
	case who.Machine() && !who.Has(staff.ReadQueues), !who.Machine() && !who.Role.AtLeast(staff.Manager):
		return nil, refused(http.StatusForbidden, "screen_role")
	}
	return func(g board.Agent) bool { return who.Sees(g.ID, g.Team) }, nil
}

func (a *API) boardStream(ctx context.Context, in *boardInput) (*huma.StreamResponse, error) {
	sees, err := a.boardViewer(ctx, in.Token)
	if err != nil {
		return nil, err
	}
	patience := boardAlive
	if in.Token != "" {
		patience = boardAgain
	}
	return stream(func(ctx context.Context, e *events) {
		seen, checked := uint64(0), time.Now()
		for {
			wait, cancel := context.WithTimeout(ctx, patience)
			v, next, err := a.Board.Next(wait, seen)
			cancel()
			if in.Token != "" && time.Since(checked) >= boardAgain {
				var revoked error
				if sees, revoked = a.boardViewer(ctx, in.Token); revoked != nil {
					return
				}
				checked = time.Now()
			}
			switch {
			case ctx.Err() != nil:
				return
			case err != nil:
				err = e.comment("")
			default:
				seen, err = next, e.send("", "board", v.For(sees).In(words.Lang(in.Lang)))
			}
			if err != nil {
				return
			}
		}
	}), nil
}

// wallHash is what is kept of a token.
func wallHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

func (a *API) walls(ctx context.Context, in *Paged) (*body[Page[WallView]], error) {
	all, err := a.Walls.WallTokens(ctx)
	if err != nil {
		return nil, err
	}
	who, out := staff.From(ctx), []WallView{}
	for _, w := range all {
		if who.SeesAll() || w.By == who.Who() {
			out = append(out, a.wallView(w))
		}
	}
	return pageOf(out, *in, func(w WallView) place { return placeOf(w.Created, w.ID) })
}

func (a *API) wallView(w store.WallToken) WallView {
	return WallView{ID: w.ID, Label: w.Label, By: w.By, ByName: a.nameOf(w.By), Created: w.Created.UTC(), Used: maybe(w.Used.UTC())}
}

// noteWall writes down that a token serves, at most once a minute. A screen goes on where that fails.
func (a *API) noteWall(ctx context.Context, w store.WallToken) {
	if now := a.now(); now.Sub(w.Used) >= wallUsed {
		if err := a.Walls.WallTokenUsed(ctx, w.ID, now); err != nil && ctx.Err() == nil {
			a.log.Warn("the use of a wall's address is not on record", "wall", w.ID, "err", err)
		}
	}
}

func (a *API) newWall(ctx context.Context, in *wallInput) (*body[NewWall], error) {
	all, err := a.Walls.WallTokens(ctx)
	if err != nil {
		return nil, err
	}
	if len(all) >= maxWalls {
		return nil, refused(http.StatusConflict, "screens_full")
	}
	who, token := staff.From(ctx), rand.Text()
	w := store.WallToken{ID: strings.ToLower(rand.Text()[:10]), Hash: wallHash(token), Label: in.Body.Label, By: who.Who(), Teams: who.Teams, All: who.SeesAll(), Created: a.now()}
	if err := a.Walls.AddWallToken(ctx, w); err != nil {
		return nil, err
	}
	return &body[NewWall]{NewWall{a.wallView(w), a.public + "/wall?token=" + token}}, nil
}

func (a *API) revokeWall(ctx context.Context, id string) error {
	all, err := a.Walls.WallTokens(ctx)
	if err != nil {
		return err
	}
	who := staff.From(ctx)
	for _, w := range all {
		if w.ID == id && (who.SeesAll() || w.By == who.Who()) {
			return a.Walls.RevokeWallToken(ctx, id, a.now())
		}
	}
	return refused(http.StatusNotFound, "no_screen")
}
