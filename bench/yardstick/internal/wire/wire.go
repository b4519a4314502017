// Package wire reads HTTP/1.1 from a bare socket, for both sides: load and model server must cost a small part of what any gateway costs.
package wire

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"

	"yardstick/internal/mock"
)

// Conn is a connection that carries one message after the other.
type Conn struct {
	net.Conn
	ReadAt  int64 // when bytes came last
	Close   bool  // whether the connection ends with this message
	buf     []byte
	r, w    int
	chunked bool
	ended   bool
	left    int64 // of the body or of its chunk; -1: until the connection ends
}

// New reads from c.
func New(c net.Conn) *Conn { return &Conn{Conn: c, buf: make([]byte, 16<<10)} }

func (c *Conn) fill() error {
	if c.r == c.w {
		c.r, c.w = 0, 0
	} else if c.w == len(c.buf) {
		copy(c.buf, c.buf[c.r:c.w])
		c.w -= c.r
		c.r = 0
	}
	n, err := c.Read(c.buf[c.w:])
	c.ReadAt = mock.Now()
	c.w += n
	if n > 0 {
		return nil
	}
	return err
}

// line is the next line, valid until more is read.
func (c *Conn) line() ([]byte, error) {
	from := c.r
	for {
		if i := bytes.IndexByte(c.buf[from:c.w], '\n'); i >= 0 {
			l := c.buf[c.r : from+i]
			c.r = from + i + 1
			return bytes.TrimSuffix(l, []byte("\r")), nil
		}
		seen := c.w - c.r
		if seen == len(c.buf) {
			return nil, errors.New("line too long")
		}
		if err := c.fill(); err != nil {
			return nil, err
		}
		from = c.r + seen
	}
}

// Head reads a message's head: its first line, and whether it announces an event stream.
func (c *Conn) Head(request bool) (first string, events bool, err error) {
	l, err := c.line()
	if err != nil {
		return "", false, err
	}
	first = string(l)
	c.chunked, c.Close, c.ended, c.left = false, false, false, -1
	for {
		if l, err = c.line(); err != nil {
			return "", false, unexpected(err)
		}
		if len(l) == 0 {
			break
		}
		k, v, _ := bytes.Cut(l, []byte(":"))
		v = bytes.TrimSpace(v)
		is := func(name string) bool { return len(k) == len(name) && bytes.EqualFold(k, []byte(name)) }
		switch {
		case is("connection"):
			c.Close = bytes.EqualFold(v, []byte("close"))
		case is("content-type"):
			events = bytes.HasPrefix(v, []byte("text/event-stream"))
		case is("content-length"):
			if c.left, err = strconv.ParseInt(string(v), 10, 64); err != nil {
				return "", false, err
			}
		case is("transfer-encoding"):
			c.chunked = true
		}
	}
	if c.chunked || request && c.left < 0 {
		c.left = 0
	} else if c.left < 0 {
		c.Close = true
	}
	return first, events, nil
}

// Body is the next piece of the message's body, valid until more is read; io.EOF at its end.
func (c *Conn) Body() ([]byte, error) {
	if c.chunked && c.left == 0 {
		if err := c.chunk(); err != nil {
			return nil, unexpected(err)
		}
	}
	if c.ended || c.left == 0 {
		return nil, io.EOF
	}
	if c.r == c.w {
		if err := c.fill(); err == io.EOF && c.left < 0 {
			return nil, io.EOF
		} else if err != nil {
			return nil, unexpected(err)
		}
	}
	p := c.buf[c.r:c.w]
	if c.left >= 0 {
		p = p[:min(int64(len(p)), c.left)]
		c.left -= int64(len(p))
	}
	c.r += len(p)
	return p, nil
}

// chunk reads the size of the next chunk, and the end of the body behind the last.
func (c *Conn) chunk() error {
	if c.ended {
		return nil
	}
	l, err := c.line()
	if err == nil && len(l) == 0 { // the line end of the chunk before
		l, err = c.line()
	}
	if err != nil {
		return err
	}
	size, _, _ := bytes.Cut(l, []byte(";"))
	if c.left, err = strconv.ParseInt(string(bytes.TrimSpace(size)), 16, 64); err != nil {
		return fmt.Errorf("bad chunk size %q", l)
	}
	for c.left == 0 && !c.ended {
		if l, err = c.line(); err != nil {
			return err
		}
		c.ended = len(l) == 0
	}
	return nil
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// Rest appends what is left of the message's body.
func (c *Conn) Rest(to []byte) ([]byte, error) {
	to = slices.Grow(to, int(max(c.left, 0)))
	for {
		p, err := c.Body()
		if err == io.EOF {
			return to, nil
		}
		if err != nil {
			return to, err
		}
		to = append(to, p...)
	}
}
