package mock

import (
	"hash/crc32"
	"testing"
	"time"
)

func TestAnOrderArrivesWholeOrNotAtAll(t *testing.T) {
	f := Filler(1000)
	s := Spec{Seed: 0xdeadbeef, TTFT: 50000, ITL: 20000, N: 32, Stamps: true, Plen: len(f), CRC: crc32.ChecksumIEEE([]byte(f))}
	if got, err := Parse([]byte(`{"messages":[{"content":"` + s.Marker() + f + `"}]}`)); err != nil || got != s {
		t.Fatal(got, err)
	}
	for _, wrong := range []string{"", s.Marker()[1:] + f, s.Marker() + f[1:], s.Marker() + "x" + f[1:]} {
		if _, err := Parse([]byte(`{"content":"` + wrong + `"}`)); err == nil {
			t.Errorf("taken: %.90s", wrong)
		}
	}
}

func TestStamp(t *testing.T) {
	n := Now()
	if v, ok := ReadStamp(AppendStamp(nil, n)); !ok || v != n {
		t.Fatal(v, n)
	}
}

func TestTimerIsNeverEarly(t *testing.T) {
	timer, wake := NewTimer(), make(chan struct{}, 1)
	for range 20 {
		at := Now() + int64(7*time.Millisecond)
		timer.SleepUntil(at, wake)
		if d := Now() - at; d < 0 {
			t.Errorf("early by %d ns", -d)
		}
	}
}
