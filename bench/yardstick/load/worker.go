package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"time"

	"yardstick/internal/hist"
	"yardstick/internal/mock"
	"yardstick/internal/wire"
)

// times are the histograms, in the order of Out.
type times [6]hist.H

const (
	firstToken = iota
	gap
	total
	leg
	tokenLeg
	added
)

// worker sends one request at a time over a connection of its own.
type worker struct {
	times
	sent, ok, errors, mismatched, reconnects, tokens, events int64

	kinds   map[string]int64
	conn    *wire.Conn
	request []byte
	wake    chan struct{}
	// The request under way: its seed, when it was due, how many of its tokens are complete and when the last was, and what of a line and of a token is there.
	seed        uint32
	due         int64
	at          int
	last        int64
	done, ended bool
	line, carry []byte
}

func newWorker() *worker {
	return &worker{kinds: map[string]int64{}, request: bytes.Clone(request), wake: make(chan struct{}, 1)}
}

func (w *worker) hangUp() {
	if w.conn != nil {
		w.conn.Conn.Close()
		w.conn = nil
	}
}

var errMismatch = errors.New("mismatch")

func mismatch(f string, a ...any) error {
	return fmt.Errorf("%w: "+f, append([]any{errMismatch}, a...)...)
}

// one sends one request that was due at that moment.
func (w *worker) one(due int64, limit time.Time) bool {
	n := open.Add(1)
	for p := most.Load(); n > p && !most.CompareAndSwap(p, n); p = most.Load() {
	}
	defer open.Add(-1)
	w.sent++
	w.due = due
	used := w.conn != nil
	err := w.try(limit)
	if used && err != nil && w.at == 0 && (errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)) {
		// The gateway closed an idle connection while the request was on its way: a client sends it again.
		w.reconnects++
		w.hangUp()
		err = w.try(limit)
	}
	if err == nil {
		w.ok++
		w.tokens += int64(*tokens)
		return true
	}
	w.hangUp()
	w.errors++
	kind := err.Error()
	if errors.Is(err, errMismatch) {
		w.mismatched++
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		kind = "timeout"
	}
	if len(w.kinds) >= 4 && w.kinds[kind] == 0 {
		kind = "other"
	}
	w.kinds[kind[:min(len(kind), 160)]]++
	return false
}

func (w *worker) try(limit time.Time) error {
	if w.conn == nil {
		c, err := net.DialTimeout("tcp", host, 5*time.Second)
		if err != nil {
			return err
		}
		c.SetDeadline(limit)
		w.conn = wire.New(c)
	}
	w.seed = seeds.Add(1)
	copy(w.request[seedAt:], fmt.Sprintf("%08x", w.seed))
	if *keys > 1 {
		copy(w.request[keyAt:], fmt.Sprintf("%04d", int(w.seed)%*keys))
	}
	w.at, w.done, w.ended = 0, false, false
	w.carry, w.line = w.carry[:0], w.line[:0]
	if _, err := w.conn.Write(w.request); err != nil {
		return err
	}
	first, events, err := w.conn.Head(false)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(first, "HTTP/1.1 200 ") {
		b, _ := w.conn.Rest(nil)
		return fmt.Errorf("%s: %s", first, b[:min(len(b), 140)])
	}
	if events != *stream {
		return mismatch("event stream: %v", events)
	}
	if *stream {
		err = w.eventStream()
	} else if w.line, err = w.conn.Rest(w.line); err == nil {
		err = w.answer(w.line)
	}
	if err != nil {
		return err
	}
	if w.at != *tokens || len(w.carry) > 0 || *stream && !(w.done && w.ended) {
		return mismatch("it ended with %d of %d tokens, %d bytes over, done %v, finish reason %v", w.at, *tokens, len(w.carry), w.done, w.ended)
	}
	w.times[total].Add(w.conn.ReadAt - w.due)
	if w.conn.Close {
		w.hangUp()
	}
	return nil
}

func (w *worker) answer(b []byte) error {
	if *strict && !json.Valid(b) {
		return mismatch("no JSON: %s", b)
	}
	_, b, _ = bytes.Cut(b, []byte(`"message"`))
	s, err := member(b, `"content"`)
	if err != nil {
		return err
	}
	return w.text(s)
}

func (w *worker) eventStream() error {
	for {
		p, err := w.conn.Body()
		if err == io.EOF {
			return nil
		}
		for err == nil && len(p) > 0 {
			l, rest, whole := bytes.Cut(p, []byte("\n"))
			if !whole || len(w.line) > 0 {
				w.line = append(w.line, l...)
				l = w.line
			}
			if p = rest; whole {
				err = w.event(bytes.TrimSuffix(l, []byte("\r")))
				w.line = w.line[:0]
			}
		}
		if err != nil {
			return err
		}
	}
}

func (w *worker) event(l []byte) error {
	l, data := bytes.CutPrefix(l, []byte("data:"))
	if !data {
		return nil // blank, a comment, an event's name
	}
	l = bytes.TrimPrefix(l, []byte(" "))
	if w.done {
		return mismatch("event behind [DONE]")
	}
	if string(l) == "[DONE]" {
		w.done = true
		return nil
	}
	if *strict && !json.Valid(l) {
		return mismatch("no JSON: %s", l)
	}
	if reason, _ := member(l, `"finish_reason"`); len(reason) > 0 {
		w.ended = true
	}
	_, delta, ok := bytes.Cut(l, []byte(`"delta"`))
	if !ok {
		if bytes.Contains(l, []byte(`"error"`)) {
			return fmt.Errorf("error event: %s", l)
		}
		return nil
	}
	s, err := member(delta, `"content"`)
	if err != nil || len(s) == 0 {
		return err
	}
	w.events++
	return w.text(s)
}

// member is the first string of that name in b; empty if there is none or null.
func member(b []byte, name string) ([]byte, error) {
	_, b, _ = bytes.Cut(b, []byte(name))
	b = bytes.TrimLeft(b, " :")
	if len(b) == 0 || b[0] != '"' {
		return nil, nil
	}
	for j := 1; j < len(b); j++ {
		switch b[j] {
		case '\\':
			j++
		case '"':
			if s := b[1:j]; bytes.IndexByte(s, '\\') < 0 {
				return s, nil
			}
			var s string
			err := json.Unmarshal(b[:j+1], &s)
			return []byte(s), err
		}
	}
	return nil, mismatch("a string without end")
}

// text takes content and compares it token by token.
func (w *worker) text(s []byte) error {
	if len(w.carry) > 0 {
		w.carry = append(w.carry, s...)
		s = w.carry
	}
	for len(s) > 0 {
		if w.at >= *tokens {
			return mismatch("more than %d tokens: %q", *tokens, s)
		}
		word := mock.Word(w.seed, w.at)
		need := len(word)
		if *stamps && w.at == 0 {
			need += 2 * mock.StampLen
		} else if *stamps && *stream {
			need += mock.StampLen
		}
		if len(s) < need {
			w.carry = append(w.carry[:0], s...)
			return nil
		}
		if string(s[:len(word)]) != word {
			return mismatch("token %d is %q, not %q", w.at, s[:len(word)], word)
		}
		if need > len(word) && !w.stamped(s[len(word):need]) {
			return mismatch("bad stamp %q", s[:need])
		}
		if w.at == 0 && *stream {
			w.times[firstToken].Add(w.conn.ReadAt - w.due)
		} else if *stream {
			w.times[gap].Add(w.conn.ReadAt - w.last)
		}
		w.last = w.conn.ReadAt
		s = s[need:]
		w.at++
	}
	w.carry = w.carry[:0]
	return nil
}

// stamped reads when the model server had the request, at the first token, and when it sent the token.
func (w *worker) stamped(s []byte) bool {
	received, ok := w.due, true
	if w.at == 0 {
		received, ok = mock.ReadStamp(s)
		s = s[mock.StampLen:]
	}
	sent, good := mock.ReadStamp(s)
	now := w.conn.ReadAt
	if !ok || !good || received < w.due || sent < received || sent > now {
		return false
	}
	w.times[tokenLeg].Add(now - sent)
	if w.at == 0 {
		w.times[leg].Add(received - w.due)
		w.times[added].Add(now - w.due - (sent - received))
	}
	return true
}
