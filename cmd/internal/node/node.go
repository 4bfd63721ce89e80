package node

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"ringway/acd"
	"ringway/config"
	"ringway/console"
	wallboard "ringway/console/board"
	"ringway/console/desk"
	"ringway/console/fault"
	"ringway/console/hooks"
	"ringway/console/lookup"
	"ringway/console/post"
	"ringway/console/stream"
	"ringway/rtp"
	"ringway/sip/auth"
	"ringway/sip/call"
	"ringway/sip/edge"
	"ringway/sip/location"
	"ringway/sip/trace"
	"ringway/sip/transaction"
	"ringway/sip/transport"
	"ringway/sip/trunk"
	"ringway/store"
	"ringway/store/sqlite"
)

// Options of a Node. Config and Data are required.
type Options struct {
	Config    *config.Config
	Data      string // folder of database, spool and control socket
	Version   string // of the program
	Log       *slog.Logger
	Wall      func() time.Time                          // nil: time.Now
	Listen    func([]config.Listener) []config.Listener // changes the listeners of the configuration; nil keeps them
	Console   func(listen string) string                // changes where the console listens; nil keeps it, an empty answer turns it off
	Passwords map[string]string                         // of people who log in to the console, by id: the demo's
	Media     netip.Addr                                // where media is bound instead of rtp.address; invalid keeps it
	Tap       func(transport.Trace)                     // sees every SIP message; nil: nobody
	Observe   func(store.Record)                        // sees every record in its order; it only posts; nil: nobody
}

// current is everything that a new configuration replaces: immutable.
type current struct {
	config    *config.Config
	directory *directory
	sounds    *sounds
}

// Node is one running switch.
type Node struct {
	o       Options
	log     *slog.Logger
	clock   *Clock
	boot    string
	started time.Time
	cur     atomic.Pointer[current]
	trunks  atomic.Pointer[trunk.Set]
	// ends the goroutine that looks after the trunks of the configuration in force
	trunkWatch atomic.Pointer[context.CancelFunc]
	apply      sync.Mutex // one Apply at a time

	lock      *os.File // of the data folder
	db        backend
	tables    *sqlite.DB // what the console keeps
	records   *recorder
	board     *wallboard.Board
	post      *post.Post
	events    *stream.Hub
	hooks     *hooks.Manager
	lookups   *lookup.Service
	sessions  *sessions
	unproven  *unproven
	statics   statics
	router    *acd.Router
	desks     *desks
	hub       *desk.Hub // desks in browsers
	location  *location.Store
	media     *rtp.Engine
	auth      *auth.Server
	edge      *edge.Edge
	calls     *call.Manager
	table     *transaction.Table
	transport *transport.Layer
	trace     *trace.Recorder // SIP messages that went by last
	verified  *transport.VerifiedSet
	control   *console.Control
	staff     *console.Server // nil: off
	setup     string          // link with which the first password is set

	recordings *recordings

	stop context.CancelFunc
	wg   sync.WaitGroup
}

// Start brings a switch up. On an error everything that was opened is closed again.
func Start(ctx context.Context, o Options) (*Node, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Wall == nil {
		o.Wall = time.Now
	}
	n := &Node{o: o, log: o.Log.With("node", o.Config.Settings.Node), clock: NewClock(o.Wall), boot: strings.ToLower(rand.Text()[:10]),
		statics: statics{missed: map[string]int{}, alive: map[string]bool{}}}
	n.started = n.clock.Now()
	n.cur.Store(&current{config: o.Config, sounds: newSounds(o.Config.Sounds)})
	steps := []func(context.Context) error{n.startRecords, n.startRecordings, n.startMedia, n.startSignalling, n.startHooks, n.startControl, n.startConsole}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, n.Stop(ctx))
		}
	}
	n.keepStart(ctx)
	run, stop := context.WithCancel(context.Background())
	n.stop = stop
	n.wg.Add(5)
	go n.runRecordings(run)
	go n.runLookups(run)
	go n.runStatics(run)
	go n.runHousekeeping(run)
	go n.runLocation(run)
	n.event(store.Event{Kind: store.NodeStart, Reason: o.Version})
	n.event(store.Event{Kind: store.PlanApply, Reason: o.Config.Version})
	n.wg.Add(1)
	n.board.Start()
	n.post.Start()
	go n.runAccounts(run) // after the event of this start: it tells where a killed run ended
	n.askRestored()
	return n, nil
}

func (n *Node) config() *config.Config { return n.cur.Load().config }

func (n *Node) event(e store.Event) {
	e.At = n.clock.Now()
	n.records.Record(store.Record{Event: &e})
}

// startRecords opens the store and what is restored from it: agents, bindings, sessions.
func (n *Node) startRecords(ctx context.Context) error {
	saved, err := n.openStore(ctx)
	if err != nil {
		return err
	}
	if err := n.openTables(ctx); err != nil {
		return err
	}
	c := n.config()
	n.sessions = newSessions(saved.Sessions)
	n.desks = newDesks(n.records)
	n.router = acd.NewRouter(acd.RouterOptions{Now: n.clock.Now, Log: n.log, Sink: n.desks, Seed: uint64(n.started.UnixNano())})
	n.startLookups()
	n.startDesks()
	n.router.Apply(c.Spec)
	n.router.Post(acd.Restore{Agents: saved.Agents, Served: saved.Served, Turns: saved.Turns})
	n.location = location.New(location.Options{Persister: n.records, Now: n.clock.Now})
	n.location.Restore(saved.Bindings)
	n.unproven = newUnproven(saved.Bindings)
	n.location.Watch(n.agents()) // after Restore: a restored binding proves nothing yet
	return nil
}

func (n *Node) agents() agents {
	return agents{router: n.router, realm: n.config().Settings.Realm, static: &n.statics, touch: n.touchPhone, log: n.log}
}

func (n *Node) startMedia(context.Context) error {
	s := n.config().Settings
	first, last, err := s.RTP.PortRange()
	if err != nil {
		return err
	}
	o := rtp.Options{PortMin: first, PortMax: last, Loops: s.RTP.Loops, Codecs: n.codecs(), Silence: s.RTP.Timeout, Log: n.log, Now: n.clock.Now}
	if s.RTP.Address.IsValid() {
		o.Bind = []netip.Addr{s.RTP.Address}
	}
	if n.o.Media.IsValid() {
		o.Bind = []netip.Addr{n.o.Media}
	}
	n.media, err = rtp.Open(o)
	return err
}

func (n *Node) startControl(context.Context) (err error) {
	n.control, err = console.Listen(n.o.Data, n, n.log)
	return err
}

// Addrs lists where SIP is spoken, as "udp 127.0.0.1:5060".
func (n *Node) Addrs() []string {
	var out []string
	for _, l := range n.transport.Addrs() {
		out = append(out, fmt.Sprintf("%s %s", l.Proto, l.Addr))
	}
	return out
}

// Stop takes the switch down in the reverse order of Start: who waits in a queue is dismissed (flow-out by restart), no new
// calls, BYE to those that run, records written. ctx bounds how long dialogs may take to say goodbye.
func (n *Node) Stop(ctx context.Context) error {
	var errs []error
	if n.staff != nil {
		errs = append(errs, n.staff.Close())
	}
	if n.control != nil {
		errs = append(errs, n.control.Close())
	}
	if n.router != nil {
		n.router.Dismiss(store.Restart) // before the calls end: who waits has not given up
	}
	if n.calls != nil {
		n.calls.Stop(ctx)
	}
	if n.stop != nil {
		n.stop()
	}
	if end := n.trunkWatch.Load(); end != nil {
		(*end)()
	}
	if n.transport != nil {
		n.transport.Stop()
	}
	if n.table != nil {
		n.table.Stop()
	}
	if n.board != nil {
		n.board.Stop()
	}
	if n.post != nil {
		n.post.Stop()
	}
	n.wg.Wait()
	n.stopHooks()
	if n.media != nil {
		n.media.Close()
	}
	if n.hub != nil {
		n.hub.Close()
	}
	if n.router != nil {
		n.router.Stop()
	}
	if n.records != nil && n.stop != nil {
		n.event(store.Event{Kind: store.NodeStop})
	}
	errs = append(errs, n.closeStore())
	if n.lock != nil {
		errs = append(errs, n.lock.Close())
	}
	return errors.Join(errs...)
}

// runLocation ends registrations in time.
func (n *Node) runLocation(ctx context.Context) {
	defer n.wg.Done()
	fault.Loop(ctx, n.log, "ends of registrations", n.location.Run)
}

// runHousekeeping draws the clock along and forgets what ended, once a second.
func (n *Node) runHousekeeping(ctx context.Context) {
	defer n.wg.Done()
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		n.safely("housekeeping of a second", n.keepHouse)
	}
}

func (n *Node) keepHouse() {
	if step := n.clock.Adjust(); step != 0 {
		n.log.Warn("the machine's clock jumped", "by", step)
		n.event(store.Event{Kind: store.ClockStep, Data: map[string]string{store.DataMS: fmt.Sprint(step.Milliseconds())}})
	}
	n.sessions.expire(n.clock.Now())
	n.trace.Refresh()
}
