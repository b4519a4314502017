// load sends chats through a gateway to the scripted model server and prints one line of JSON.
//
// Closed loop: -conns connections, each sends its next request when the last answer is complete.
// Open loop: -rate requests a second on a fixed schedule, whatever the answers do; every time is counted from the scheduled moment, so that a gateway that stalls
// cannot hide its stall (no coordinated omission).
// Every answer is compared, token by token, with what the model server must have sent; a difference is an error.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"hash/crc32"
	"log"
	"net/url"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"yardstick/internal/hist"
	"yardstick/internal/mock"
)

var (
	target = flag.String("url", "http://127.0.0.1:29080/v1/chat/completions", "endpoint")
	stream = flag.Bool("stream", false, "ask for a stream")
	conns  = flag.Int("conns", 32, "closed loop: connections; open loop: most in flight")
	rate   = flag.Float64("rate", 0, "open loop: arrivals a second (0: closed loop)")
	length = flag.Duration("d", 3*time.Second, "how long requests are sent")
	each   = flag.Int("per-conn", 0, "closed loop: requests a connection sends (0: until -d)")
	ramp   = flag.Duration("ramp", 0, "closed loop: connections start spread over this time")
	drain  = flag.Duration("drain", 5*time.Second, "how long answers may still come after -d")
	ttft   = flag.Int("ttft", 0, "model server: microseconds to the first token")
	itl    = flag.Int("itl", 0, "model server: microseconds between tokens")
	tokens = flag.Int("tokens", 16, "model server: tokens an answer")
	stamps = flag.Bool("stamps", false, "model server puts its clock into tokens: exact delays of each way")
	prompt = flag.Int("prompt", 0, "bytes of prompt behind the order")
	keys   = flag.Int("keys", 1, "API keys that are shown in turn: sk-bench-0000, sk-bench-0001, …")
	strict = flag.Bool("strict", false, "parse every event and answer as JSON, too")

	request       []byte
	seedAt, keyAt int
	host          string
	timer         = mock.NewTimer()
	seeds         atomic.Uint32
	open, most    atomic.Int64
)

// Out is what is printed; times in microseconds.
type Out struct {
	Seconds    float64          `json:"seconds"`
	Sent       int64            `json:"sent"`
	OK         int64            `json:"ok"`
	Errors     int64            `json:"errors"`
	Mismatch   int64            `json:"mismatch"` // errors that are wrong content
	Dropped    int64            `json:"dropped"`  // open loop: not sent since -conns were in flight
	Reconnects int64            `json:"reconnects"`
	Kinds      map[string]int64 `json:"error_kinds,omitempty"`
	Tokens     int64            `json:"tokens"`
	Events     int64            `json:"content_events"`
	RPS        float64          `json:"rps"`
	TPS        float64          `json:"tps"`
	Most       int64            `json:"peak_in_flight"`
	TTFT       hist.Sum         `json:"ttft_us"`
	Gap        hist.Sum         `json:"gap_us"`
	Total      hist.Sum         `json:"total_us"`
	Leg        hist.Sum         `json:"request_leg_us"` // due until the model server has it
	TokenLeg   hist.Sum         `json:"token_leg_us"`   // the model server sent it until it is here
	Added      hist.Sum         `json:"ttft_overhead_us"`
}

func main() {
	flag.Parse()
	runtime.GOMAXPROCS(max(4, runtime.GOMAXPROCS(0)))
	compose()
	seeds.Store(uint32(time.Now().UnixNano()))
	began := mock.Now()
	var workers []*worker
	var out Out
	if *rate > 0 {
		workers, out.Dropped = openLoop()
	} else {
		workers = closedLoop()
	}
	out.Seconds = float64(mock.Now()-began) / 1e9
	out.Kinds = map[string]int64{}
	var all times
	for _, w := range workers {
		for i := range all {
			all[i].Merge(&w.times[i])
		}
		out.Sent += w.sent
		out.OK += w.ok
		out.Errors += w.errors
		out.Mismatch += w.mismatched
		out.Reconnects += w.reconnects
		out.Tokens += w.tokens
		out.Events += w.events
		for k, v := range w.kinds {
			out.Kinds[k] += v
		}
	}
	out.RPS, out.TPS = float64(out.OK)/out.Seconds, float64(out.Tokens)/out.Seconds
	out.Most = most.Load()
	for i, sum := range []*hist.Sum{&out.TTFT, &out.Gap, &out.Total, &out.Leg, &out.TokenLeg, &out.Added} {
		*sum = all[i].Sum()
	}
	json.NewEncoder(os.Stdout).Encode(out)
}

// compose makes the request that all share but for seed and key.
func compose() {
	u, err := url.Parse(*target)
	if err != nil {
		log.Fatal(err)
	}
	host = u.Host
	filler := mock.Filler(*prompt)
	marker := mock.Spec{TTFT: *ttft, ITL: *itl, N: *tokens, Stamps: *stamps, Plen: *prompt, CRC: crc32.ChecksumIEEE([]byte(filler))}.Marker()
	accept, extra := "application/json", ""
	if *stream {
		accept, extra = "text/event-stream", `,"stream":true`
	}
	body := fmt.Sprintf(`{"model":"mock","messages":[{"role":"system","content":"You are a helpful assistant."},{"role":"user","content":"%s%s"}],"temperature":0.7,"max_tokens":%d%s}`,
		marker, filler, max(16, *tokens), extra)
	const key = "Bearer sk-bench-"
	request = []byte(fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nAccept: %s\r\nAuthorization: "+key+"0000\r\nUser-Agent: yardstick\r\nContent-Length: %d\r\n\r\n%s",
		u.RequestURI(), host, accept, len(body), body))
	keyAt = bytes.Index(request, []byte(key)) + len(key)
	seedAt = bytes.Index(request, []byte(marker)) + mock.SeedOffset
}

func closedLoop() (workers []*worker) {
	var all sync.WaitGroup
	began := mock.Now()
	end, limit := began+int64(*length), time.Now().Add(*length+*drain)
	for i := range *conns {
		w := newWorker()
		workers = append(workers, w)
		all.Add(1)
		go func() {
			defer all.Done()
			timer.SleepUntil(began+int64(*ramp)*int64(i)/int64(*conns), w.wake)
			for n := 0; *each == 0 || n < *each; n++ {
				now := mock.Now()
				if now >= end {
					break
				}
				if !w.one(now, limit) {
					timer.SleepUntil(mock.Now()+int64(20*time.Millisecond), w.wake)
				}
			}
			w.hangUp()
		}()
	}
	all.Wait()
	return workers
}

func openLoop() (workers []*worker, dropped int64) {
	var mu sync.Mutex
	var idle []*worker
	var all sync.WaitGroup
	limit := time.Now().Add(*length + *drain)
	runtime.LockOSThread()
	mock.ExactSleeps()
	began := mock.Now()
	for n := range int(*rate * length.Seconds()) {
		at := began + int64(float64(n)*1e9 / *rate)
		if mock.Now() < at {
			mock.NanosleepUntil(at)
		}
		if open.Load() >= int64(*conns) {
			dropped++
			continue
		}
		mu.Lock()
		var w *worker
		if n := len(idle); n > 0 {
			w, idle = idle[n-1], idle[:n-1]
		} else {
			w = newWorker()
			workers = append(workers, w)
		}
		mu.Unlock()
		all.Add(1)
		go func() {
			defer all.Done()
			w.one(at, limit)
			mu.Lock()
			idle = append(idle, w)
			mu.Unlock()
		}()
	}
	runtime.UnlockOSThread()
	all.Wait()
	for _, w := range workers {
		w.hangUp()
	}
	return workers, dropped
}
