// upstream is a scripted OpenAI-compatible model server. What it answers, and when, stands in the prompt (package mock).
package main

import (
	"bytes"
	"flag"
	"fmt"
	"log"
	"net"
	"strconv"
	"strings"

	"yardstick/internal/mock"
	"yardstick/internal/wire"
)

var timer = mock.NewTimer()

func main() {
	address := flag.String("listen", "127.0.0.1:29080", "address")
	flag.Parse()
	l, err := net.Listen("tcp", *address)
	for err == nil {
		var c net.Conn
		if c, err = l.Accept(); err == nil {
			go (&session{Conn: wire.New(c), wake: make(chan struct{}, 1)}).serve()
		}
	}
	log.Fatal(err)
}

type session struct {
	*wire.Conn
	body, out []byte
	wake      chan struct{}
}

func (s *session) serve() {
	defer s.Conn.Conn.Close()
	for open := true; open; open = open && !s.Close {
		first, _, err := s.Head(true)
		if err != nil {
			return
		}
		if s.body, err = s.Rest(s.body[:0]); err != nil {
			return
		}
		now := mock.Now()
		method, path, _ := strings.Cut(first, " ")
		path, _, _ = strings.Cut(path, " ")
		path, _, _ = strings.Cut(path, "?")
		switch {
		case method == "POST" && strings.HasSuffix(path, "/chat/completions"):
			open = s.chat(now)
		case method == "GET" && strings.HasSuffix(path, "/models"):
			open = s.plain("200 OK", `{"object":"list","data":[{"id":"mock","object":"model","created":1767225600,"owned_by":"bench"}]}`)
		default:
			open = s.plain("404 Not Found", `{"error":{"message":"not found","type":"invalid_request_error","param":null,"code":"not_found"}}`)
		}
	}
}

func (s *session) send() bool {
	_, err := s.Write(s.out)
	s.out = s.out[:0]
	return err == nil
}

func (s *session) head(status, kind string) {
	s.out = append(append(append(append(s.out[:0], "HTTP/1.1 "...), status...), "\r\nContent-Type: "...), kind...)
	if s.Close {
		s.out = append(s.out, "\r\nConnection: close"...)
	}
}

func (s *session) plain(status, body string) bool {
	s.head(status, "application/json")
	s.out = strconv.AppendInt(append(s.out, "\r\nContent-Length: "...), int64(len(body)), 10)
	s.out = append(append(s.out, "\r\n\r\n"...), body...)
	return s.send()
}

// flag tells whether the request has "key": true.
func (s *session) flag(key string) bool {
	_, rest, _ := bytes.Cut(s.body, []byte(key))
	rest = bytes.TrimLeft(rest, " \t\r\n")
	return len(rest) > 0 && rest[0] == ':' && bytes.HasPrefix(bytes.TrimLeft(rest[1:], " \t\r\n"), []byte("true"))
}

func (s *session) chat(received int64) bool {
	order, err := mock.Parse(s.body)
	if err != nil {
		return s.plain("400 Bad Request", fmt.Sprintf(`{"error":{"message":%q,"type":"invalid_request_error","param":null,"code":null}}`, err.Error()))
	}
	if s.flag(`"stream"`) {
		return s.stream(order, received)
	}
	timer.SleepUntil(received+int64(order.TTFT+order.ITL*max(0, order.N-1))*1000, s.wake)
	b := make([]byte, 0, 512+16*order.N)
	b = append(hex8(append(b, `{"id":"chatcmpl-`...), order.Seed), `","object":"chat.completion","created":1767225600,"model":"mock","system_fingerprint":null,`...)
	b = append(b, `"choices":[{"index":0,"message":{"role":"assistant","content":"`...)
	for i := range order.N {
		b = append(b, mock.Word(order.Seed, i)...)
		if order.Stamps && i == 0 {
			b = mock.AppendStamp(mock.AppendStamp(b, received), mock.Now())
		}
	}
	b = strconv.AppendInt(append(b, `","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":32,"completion_tokens":`...), int64(order.N), 10)
	b = strconv.AppendInt(append(b, `,"total_tokens":`...), int64(order.N+32), 10)
	return s.plain("200 OK", string(append(b, "}}"...)))
}

func (s *session) stream(order mock.Spec, received int64) bool {
	timer.SleepUntil(received+int64(order.TTFT)*1000, s.wake)
	s.head("200 OK", "text/event-stream; charset=utf-8\r\nCache-Control: no-cache\r\nTransfer-Encoding: chunked")
	s.out = append(s.out, "\r\n\r\n"...)
	event := string(hex8([]byte(`data: {"id":"chatcmpl-`), order.Seed)) +
		`","object":"chat.completion.chunk","created":1767225600,"model":"mock","system_fingerprint":null,"choices":[`
	content := event + `{"index":0,"delta":{"content":"`
	start := mock.Now()
	ok := s.chunk(event, `{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}`, "\n\n", "")
	for i := 0; ok && i < order.N; i++ {
		if order.ITL > 0 {
			timer.SleepUntil(start+int64(i)*int64(order.ITL)*1000, s.wake)
		}
		var stamps []byte
		if order.Stamps {
			if i == 0 {
				stamps = mock.AppendStamp(stamps, received)
			}
			stamps = mock.AppendStamp(stamps, mock.Now())
		}
		ok = s.chunk(content, mock.Word(order.Seed, i), string(stamps), `"},"logprobs":null,"finish_reason":null}]}`+"\n\n")
	}
	ok = ok && s.chunk(event, `{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]}`, "\n\n", "")
	if ok && s.flag(`"include_usage"`) {
		ok = s.chunk(event, fmt.Sprintf(`],"usage":{"prompt_tokens":32,"completion_tokens":%d,"total_tokens":%d}}`, order.N, order.N+32), "\n\n", "")
	}
	if !ok {
		return false
	}
	s.out = append(s.out, "e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n"...)
	return s.send()
}

func (s *session) chunk(a, b, c, d string) bool {
	s.out = append(strconv.AppendInt(s.out, int64(len(a)+len(b)+len(c)+len(d)), 16), "\r\n"...)
	s.out = append(append(append(append(append(s.out, a...), b...), c...), d...), "\r\n"...)
	return s.send()
}

func hex8(b []byte, v uint32) []byte {
	for s := 28; s >= 0; s -= 4 {
		b = append(b, "0123456789abcdef"[(v>>uint(s))&15])
	}
	return b
}
