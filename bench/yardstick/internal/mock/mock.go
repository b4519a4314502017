// Package mock holds what the scripted model server and the load must agree on: the order that travels inside the prompt, the text of every token, a clock that
// both processes share, and a timer that is exact to some ten microseconds.
package mock

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"
)

// Spec is what one request orders. It travels as plain ASCII in the user's message, so that it survives a gateway that rebuilds the request.
type Spec struct {
	Seed   uint32
	TTFT   int // microseconds until the first token
	ITL    int // microseconds between tokens
	N      int // tokens
	Stamps bool
	Plen   int // bytes of prompt behind the marker
	CRC    uint32
}

const head = "@@mock seed="

// SeedOffset is where the seed's eight digits begin in a marker.
const SeedOffset = len(head)

var markerLen = len(Spec{}.Marker())

// Marker has a fixed width: only the seed's digits differ between the requests of a load.
func (s Spec) Marker() string {
	stamps := 0
	if s.Stamps {
		stamps = 1
	}
	return fmt.Sprintf(head+"%08x ttft=%08d itl=%08d n=%05d ts=%d plen=%08d crc=%08x@@", s.Seed, s.TTFT, s.ITL, s.N, stamps, s.Plen, s.CRC)
}

// Parse finds the marker in a request and checks that the prompt behind it arrived whole.
func Parse(body []byte) (s Spec, err error) {
	i := bytes.Index(body, []byte(head))
	if i < 0 || len(body) < i+markerLen {
		return s, errors.New("no marker")
	}
	m, prompt := body[i+len(head):i+markerLen], body[i+markerLen:]
	field := func(width, gap, base int) int {
		v, wrong := strconv.ParseUint(string(m[:width]), base, 32)
		if wrong != nil {
			err = wrong
		}
		m = m[width+gap:]
		return int(v)
	}
	s.Seed = uint32(field(8, len(" ttft="), 16))
	s.TTFT = field(8, len(" itl="), 10)
	s.ITL = field(8, len(" n="), 10)
	s.N = field(5, len(" ts="), 10)
	s.Stamps = field(1, len(" plen="), 10) == 1
	s.Plen = field(8, len(" crc="), 10)
	s.CRC = uint32(field(8, len("@@"), 16))
	if err != nil || s.Plen == 0 {
		return s, err
	}
	end := bytes.IndexByte(prompt, '"')
	if end != s.Plen {
		return s, fmt.Errorf("the prompt is %d bytes long, not %d", end, s.Plen)
	}
	if sum := crc32.ChecksumIEEE(prompt[:end]); sum != s.CRC {
		return s, fmt.Errorf("the prompt's checksum is %08x, not %08x", sum, s.CRC)
	}
	return s, nil
}

// Filler is n bytes like prose with nothing that JSON escapes.
func Filler(n int) string {
	b := make([]byte, 0, n+16)
	for i := 0; len(b) < n; i++ {
		b = append(b, Word(0xfeed, i)...)
	}
	return string(b[:n])
}

var words = func() (w [256]string) {
	a := []string{"the", "light", "of", "a", "quiet", "river", "turn", "into", "stone", "and", "every", "small", "word", "is", "kept", "over"}
	z := []string{"", "s", "ing", "ly", "er", "ed", "ness", "ful", "less", "able", "ment", "ish", "like", "ward", "wise", "some"}
	for i := range w {
		w[i] = " " + a[i>>4] + z[i&15]
	}
	return
}()

// Word is token i of the answer to the request with this seed, with a space before it.
func Word(seed uint32, i int) string {
	x := seed*0x9e3779b1 + uint32(i)*0x85ebca6b
	x ^= x >> 15
	x *= 0x2c1b3c6d
	x ^= x >> 12
	return words[x>>24]
}

const (
	digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	// StampLen is the length of a stamp: "~" and ten digits.
	StampLen = 11
)

var values = func() (v [256]int8) {
	for i := range v {
		v[i] = -1
	}
	for i := range len(digits) {
		v[digits[i]] = int8(i)
	}
	return
}()

// AppendStamp writes a time.
func AppendStamp(b []byte, t int64) []byte {
	b = append(b, '~')
	for s := 54; s >= 0; s -= 6 {
		b = append(b, digits[(t>>uint(s))&63])
	}
	return b
}

// ReadStamp is the inverse.
func ReadStamp(b []byte) (t int64, ok bool) {
	if len(b) < StampLen || b[0] != '~' {
		return 0, false
	}
	for _, c := range b[1:StampLen] {
		v := values[c]
		if v < 0 {
			return 0, false
		}
		t = t<<6 | int64(v)
	}
	return t, true
}
