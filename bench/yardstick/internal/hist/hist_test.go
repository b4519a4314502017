package hist

import (
	"math"
	"math/rand"
	"sort"
	"testing"
)

func TestQuantilesOfMergedParts(t *testing.T) {
	var all, a, b H
	r := rand.New(rand.NewSource(1))
	var v []int64
	for i := range 100_000 {
		x := int64(r.ExpFloat64() * 1e6)
		v = append(v, x)
		all.Add(x)
		[]*H{&a, &b}[i%2].Add(x)
	}
	a.Merge(&b)
	sort.Slice(v, func(i, j int) bool { return v[i] < v[j] })
	for _, q := range []float64{0, .5, .9, .99, .999, 1} {
		want := v[int(q*float64(len(v)-1))]
		for _, got := range []int64{all.Quantile(q), a.Quantile(q)} {
			if math.Abs(float64(got-want)/float64(want+100)) > .005 {
				t.Errorf("q %v: %d, want %d", q, got, want)
			}
		}
	}
	if a.n != all.n || a.Sum().Max != all.Sum().Max {
		t.Errorf("%+v, not %+v", a.Sum(), all.Sum())
	}
}
