package mock

import (
	"container/heap"
	"runtime"
	"sync"
	"syscall"
	"unsafe"
)

//go:linkname nanotime runtime.nanotime
func nanotime() int64

// Now is CLOCK_MONOTONIC in nanoseconds: the same clock in every process of a machine.
func Now() int64 { return nanotime() }

type sleeper struct {
	at   int64
	wake chan struct{}
}
type sleepers []sleeper

func (h sleepers) Len() int           { return len(h) }
func (h sleepers) Less(i, j int) bool { return h[i].at < h[j].at }
func (h sleepers) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *sleepers) Push(x any)        { *h = append(*h, x.(sleeper)) }
func (h *sleepers) Pop() any          { o := *h; n := len(o); x := o[n-1]; *h = o[:n-1]; return x }

// Timer wakes sleepers by one thread that sleeps in clock_nanosleep: Go's own timers wait in epoll_wait, in whole milliseconds.
type Timer struct {
	mu   sync.Mutex
	some *sync.Cond
	h    sleepers
}

// NewTimer starts the thread.
func NewTimer() *Timer {
	t := &Timer{}
	t.some = sync.NewCond(&t.mu)
	go t.loop()
	return t
}

// SleepUntil returns once Now() has reached at; wake is the caller's own, with room for one.
func (t *Timer) SleepUntil(at int64, wake chan struct{}) {
	if at <= Now() {
		return
	}
	t.mu.Lock()
	heap.Push(&t.h, sleeper{at, wake})
	if len(t.h) == 1 {
		t.some.Signal()
	}
	t.mu.Unlock()
	<-wake
}

func (t *Timer) loop() {
	runtime.LockOSThread()
	ExactSleeps()
	for {
		t.mu.Lock()
		for len(t.h) == 0 {
			t.some.Wait()
		}
		now := Now()
		for len(t.h) > 0 && t.h[0].at <= now {
			heap.Pop(&t.h).(sleeper).wake <- struct{}{}
		}
		next := now + 1_000_000 // whoever comes meanwhile is seen within a millisecond
		empty := len(t.h) == 0
		if !empty {
			next = min(next, t.h[0].at)
		}
		t.mu.Unlock()
		if !empty {
			NanosleepUntil(next)
		}
	}
}

// ExactSleeps lowers the calling thread's timer slack to 1 ns.
func ExactSleeps() { syscall.RawSyscall(syscall.SYS_PRCTL, 29, 1, 0) }

// NanosleepUntil blocks the calling thread.
func NanosleepUntil(at int64) {
	ts := syscall.NsecToTimespec(at)
	for {
		if _, _, e := syscall.Syscall6(syscall.SYS_CLOCK_NANOSLEEP, 1, 1, uintptr(unsafe.Pointer(&ts)), 0, 0, 0); e != syscall.EINTR {
			return
		}
	}
}
