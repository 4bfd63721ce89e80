package call

import "sync"

// workers are the goroutines that calls run on. A call has none of its own while it waits: whoever posts to a call that
// waits hands it to a worker, which takes its turns until nothing is left. A script has a worker for as long as it runs.
//
//	resting ──task──▶ working ──done──▶ resting, or over where enough rest already
//
// So a call that just talks holds one stack and not two, and new calls find stacks that have already grown.
type workers struct {
	work  chan task     // taken by a worker that rests
	rests chan struct{} // a place for each that may rest
	quit  chan struct{} // closed by stop: nobody rests any more
	ended sync.Once
	wg    sync.WaitGroup
}

// task is what a worker does in one go: the turns of a call, or its script.
type task interface{ work() }

// maxResting is how many workers may rest: so many that busy traffic seldom needs a new one, so few that their stacks do
// not count.
const maxResting = 16

func newWorkers() *workers {
	return &workers{work: make(chan task), rests: make(chan struct{}, maxResting), quit: make(chan struct{})}
}

// give hands a task to a worker; it never blocks.
func (w *workers) give(t task) {
	select {
	case w.work <- t:
	default:
		w.runWorker(t)
	}
}

// runWorker starts a worker. It ends when enough others rest, or by stop.
func (w *workers) runWorker(t task) {
	w.wg.Add(1)
	go func() {
		defer w.wg.Done()
		for ; t != nil; t = w.rest() {
			t.work()
		}
	}()
}

// rest waits for the next task, nil where the worker is to end.
func (w *workers) rest() task {
	select {
	case w.rests <- struct{}{}:
	default:
		return nil
	}
	defer func() { <-w.rests }()
	select {
	case t := <-w.work:
		return t
	case <-w.quit:
		return nil
	}
}

// stop sends those that rest home, and returns when all are gone. No task may come any more.
func (w *workers) stop() {
	w.ended.Do(func() { close(w.quit) })
	w.wg.Wait()
}
