// Package hist is a log-linear histogram: 128 steps for each power of two, so that a value is off by less than 0.4 %.
package hist

import "math/bits"

const steps = 128

// H counts times in nanoseconds.
type H struct {
	counts []uint32
	n      uint64
	sum    float64
	max    int64
}

func index(v int64) int {
	v = max(v, 0)
	if v < steps {
		return int(v)
	}
	e := bits.Len64(uint64(v)) - 8 // v>>e is in [128,256)
	return (e+1)*steps + int(v>>uint(e)) - steps
}

func value(i int) int64 {
	if i < steps {
		return int64(i)
	}
	e := uint(i/steps - 1)
	return int64(i%steps+steps)<<e + (int64(1)<<e)/2
}

// Add counts one time.
func (h *H) Add(v int64) {
	i := index(v)
	h.room(i + 1)
	h.counts[i]++
	h.max = max(h.max, v)
	h.n++
	h.sum += float64(v)
}

func (h *H) room(n int) {
	if n > len(h.counts) {
		h.counts = append(h.counts, make([]uint32, n-len(h.counts))...)
	}
}

// Merge adds what o has counted.
func (h *H) Merge(o *H) {
	h.room(len(o.counts))
	for i, c := range o.counts {
		h.counts[i] += c
	}
	h.max = max(h.max, o.max)
	h.n += o.n
	h.sum += o.sum
}

// Quantile is the time at q, from 0 to 1.
func (h *H) Quantile(q float64) int64 {
	want := uint64(q*float64(h.n-1)) + 1
	var seen uint64
	for i, c := range h.counts {
		if seen += uint64(c); seen >= want {
			return min(value(i), h.max)
		}
	}
	return h.max
}

// Sum is a histogram's summary in microseconds; all zero if nothing was counted.
type Sum struct {
	N    uint64  `json:"n"`
	Mean float64 `json:"mean"`
	P50  float64 `json:"p50"`
	P99  float64 `json:"p99"`
	Max  float64 `json:"max"`
}

// Sum makes the summary.
func (h *H) Sum() Sum {
	if h.n == 0 {
		return Sum{}
	}
	us := func(v int64) float64 { return float64(v) / 1000 }
	return Sum{h.n, h.sum / float64(h.n) / 1000, us(h.Quantile(.5)), us(h.Quantile(.99)), us(h.max)}
}
