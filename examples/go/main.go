// main.go - fetches pages with net/http, one goroutine per request in flight.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

type job struct {
	Level          int
	Urls, Headers  []string
	Connections    string
	Timeout        float64 `json:"timeout_s"`
	CaFile         string  `json:"ca_file"`
	Insecure, Gzip bool
	Resolve        map[string]string
	Due            []int64 `json:"due_ns"`
	Stop           int64   `json:"stop_ns"`
}

func now() int64 { // CLOCK_MONOTONIC, which the package time uses but does not show
	var t syscall.Timespec
	syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, 1, uintptr(unsafe.Pointer(&t)), 0)
	return t.Nano()
}

func newClient(job *job) *http.Client {
	trust := &tls.Config{InsecureSkipVerify: job.Insecure}
	if pem, err := os.ReadFile(job.CaFile); err == nil {
		trust.RootCAs = x509.NewCertPool()
		trust.RootCAs.AppendCertsFromPEM(pem)
	}
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		host, port, _ := net.SplitHostPort(address)
		if known, ok := job.Resolve[host]; ok {
			address = net.JoinHostPort(known, port)
		}
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}
	return &http.Client{
		Timeout:       time.Duration(job.Timeout * float64(time.Second)),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{ // without a proxy, and with HTTP/1.1 only
			DialContext: dial, TLSClientConfig: trust, DisableCompression: !job.Gzip,
			DisableKeepAlives: job.Connections == "fresh", MaxIdleConnsPerHost: job.Level},
	}
}

func fetch(ctx context.Context, client *http.Client, job *job, i int) string { // the line that reports it
	start := now()
	request, _ := http.NewRequestWithContext(ctx, "GET", job.Urls[i], nil)
	for _, header := range job.Headers {
		name, value, _ := strings.Cut(header, ":")
		request.Header.Add(name, strings.TrimSpace(value))
	}
	response, err := client.Do(request)
	checksum, bytes := crc32.NewIEEE(), int64(0)
	if err == nil {
		bytes, err = io.Copy(checksum, response.Body)
		response.Body.Close()
	}
	end := now()
	switch {
	case err == nil:
		return fmt.Sprintf("%d %d %d %d %d %08x", i, start, end, response.StatusCode, bytes, checksum.Sum32())
	case ctx.Err() != nil:
		return fmt.Sprintf("%d %d - unfinished", i, start)
	case os.IsTimeout(err):
		return fmt.Sprintf("%d %d %d error timeout", i, start, end)
	case strings.Contains(err.Error(), ": dial "), strings.Contains(err.Error(), " x509: "):
		return fmt.Sprintf("%d %d %d error connect: %.300v", i, start, end, err)
	}
	return fmt.Sprintf("%d %d %d error %.300v", i, start, end, err)
}

func main() {
	job := job{Stop: 1 << 62} // never, without a rate
	text, _ := os.ReadFile(os.Getenv("BENCH_JOB"))
	if err := json.Unmarshal(text, &job); err != nil {
		panic(err)
	}
	client, lines, zero := newClient(&job), make([]string, len(job.Urls)), int64(0)
	due := append(job.Due, make([]int64, len(lines))...) // without a rate: at once
	numbers, ended := make(chan int, len(lines)), make(chan bool)
	fmt.Println("ready 2")
	fmt.Scanf("go %d", &zero) // with a rate: go NS, and all requests end at NS + stop_ns
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(zero+job.Stop-now()))
	defer cancel()
	for n := 0; n < job.Level; n++ {
		go func() {
			for i := range numbers {
				lines[i] = fetch(ctx, client, &job, i)
			}
			ended <- true
		}()
	}
	for i := range lines {
		time.Sleep(time.Duration(zero + due[i] - now()))
		numbers <- i
	}
	close(numbers)
	for n := 0; n < job.Level; n++ {
		<-ended
	}
	fmt.Println("done")
	fmt.Println(strings.Join(append(lines, "end"), "\n"))
}
