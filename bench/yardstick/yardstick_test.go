// The yardstick must notice a gateway that lies: these tests put faulty proxies between load and model server.
package yardstick

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

var (
	programs string
	models   string
)

func TestMain(m *testing.M) {
	programs, _ = os.MkdirTemp("", "yardstick")
	if out, err := exec.Command("go", "build", "-o", programs+"/", "./load", "./upstream").CombinedOutput(); err != nil {
		fmt.Println(string(out))
		os.Exit(1)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	address := free.Addr().String()
	free.Close()
	models = "http://" + address
	u := exec.Command(filepath.Join(programs, "upstream"), "-listen", address)
	u.Start()
	for _, err = http.Get(models); err != nil; _, err = http.Get(models) {
		time.Sleep(10 * time.Millisecond)
	}
	code := m.Run()
	u.Process.Kill()
	os.RemoveAll(programs)
	os.Exit(code)
}

type result struct {
	OK, Errors, Mismatch, Sent, Tokens int64
	Added                              struct{ P99 float64 } `json:"ttft_overhead_us"`
	Total                              struct{ P99 float64 } `json:"total_us"`
	Kinds                              map[string]int64      `json:"error_kinds"`
}

func load(t *testing.T, base string, args ...string) (r result) {
	t.Helper()
	c := exec.Command(filepath.Join(programs, "load"), append([]string{"-url", base + "/v1/chat/completions"}, args...)...)
	c.Stderr = os.Stderr
	b, err := c.Output()
	if err == nil {
		err = json.Unmarshal(b, &r)
	}
	if err != nil {
		t.Fatal(err, string(b))
	}
	return r
}

// pass asks the model server for an order and passes its answer on, an event stream line by line through f.
func pass(w http.ResponseWriter, path string, order []byte, f func(n int, line string) string) {
	answer, err := http.Post(models+path, "application/json", bytes.NewReader(order))
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer answer.Body.Close()
	w.Header().Set("Content-Type", answer.Header.Get("Content-Type"))
	if f == nil || !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/event-stream") {
		io.Copy(w, answer.Body)
		return
	}
	lines := bufio.NewScanner(answer.Body)
	for n := 0; lines.Scan(); n++ {
		io.WriteString(w, f(n, lines.Text()))
		w.(http.Flusher).Flush()
	}
}

// proxy serves what f makes of a request's body.
func proxy(t *testing.T, f func(w http.ResponseWriter, path string, order []byte)) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		order, _ := io.ReadAll(r.Body)
		f(w, r.URL.Path, order)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func rewriting(t *testing.T, f func(n int, line string) string) string {
	return proxy(t, func(w http.ResponseWriter, path string, order []byte) { pass(w, path, order, f) })
}

var (
	plain    = []string{"-conns", "4", "-per-conn", "5", "-d", "10s", "-strict"}
	streamed = append([]string{"-stream", "-tokens", "20"}, plain...)
)

func TestAnHonestProxyPasses(t *testing.T) {
	base := rewriting(t, func(_ int, l string) string { return l + "\n" })
	for _, extra := range [][]string{nil, {"-stamps"}, {"-prompt", "300000"}, {"-keys", "10"}} {
		for _, kind := range [][]string{plain, streamed} {
			if r := load(t, base, append(extra, kind...)...); r.OK != 20 || r.Errors != 0 {
				t.Errorf("%v %v: %+v", extra, kind, r)
			}
		}
	}
}

func TestFaultyProxiesAreCaught(t *testing.T) {
	at20 := func(f func(string) string) func(int, string) string {
		return func(n int, l string) string {
			if n == 20 {
				return f(l)
			}
			return l + "\n"
		}
	}
	for name, f := range map[string]func(int, string) string{
		"a token lost":   at20(func(string) string { return "\n" }),
		"a token twice":  at20(func(l string) string { return l + "\n\n" + l + "\n" }),
		"a byte changed": at20(func(l string) string { return strings.Replace(l, `"content":" `, `"content":" x`, 1) + "\n" }),
		"no [DONE]":      func(n int, l string) string { return strings.Replace(l, "[DONE]", "", 1) + "\n" },
		"no finish":      func(n int, l string) string { return strings.Replace(l, `"stop"`, "null", 1) + "\n" },
		"cut":            func(n int, l string) string { return map[bool]string{true: l + "\n"}[n < 30] },
		"bad JSON":       func(n int, l string) string { return strings.Replace(l, "]}", "]", 1) + "\n" },
	} {
		if r := load(t, rewriting(t, f), streamed...); r.OK != 0 || r.Errors != 20 {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestSplitTokensAreRight(t *testing.T) {
	base := rewriting(t, func(n int, l string) string {
		i := strings.Index(l, `"content":" `)
		if i < 0 || n%8 != 4 {
			return l + "\n"
		}
		return l[:i+13] + `"},"finish_reason":null}]}` + "\n\n" + l[:i+11] + l[i+13:] + "\n"
	})
	if r := load(t, base, streamed...); r.OK != 20 || r.Errors != 0 {
		t.Errorf("%+v", r)
	}
}

func TestSwappedAnswersAreCaught(t *testing.T) {
	var last atomic.Value
	last.Store([]byte(nil))
	base := proxy(t, func(w http.ResponseWriter, path string, order []byte) {
		if before := last.Swap(order).([]byte); before != nil {
			order = before
		}
		pass(w, path, order, nil)
	})
	if r := load(t, base, "-conns", "1", "-per-conn", "10", "-d", "10s"); r.OK != 1 || r.Mismatch != 9 {
		t.Errorf("%+v", r)
	}
}

func TestAStallIsNotHidden(t *testing.T) {
	start := time.Now()
	base := proxy(t, func(w http.ResponseWriter, path string, order []byte) {
		if d := time.Since(start) % time.Second; d < 400*time.Millisecond { // stalls two fifths of the time
			time.Sleep(400*time.Millisecond - d)
		}
		pass(w, path, order, nil)
	})
	if r := load(t, base, "-rate", "100", "-d", "3s", "-conns", "500", "-stamps"); r.Errors != 0 || r.Total.P99 < 300_000 || r.Added.P99 < 300_000 {
		t.Errorf("%+v", r)
	}
	if r := load(t, base, "-rate", "100", "-d", "2s", "-conns", "2"); r.Sent >= 200 {
		t.Errorf("too few connections, and none dropped: %+v", r)
	}
}
