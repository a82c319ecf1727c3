// main.go - fetches pages with net/http, one goroutine per request in flight.
package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
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
}

// CLOCK_MONOTONIC, which the package time uses but does not show.
func now() int64 {
	var t syscall.Timespec
	syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, 1, uintptr(unsafe.Pointer(&t)), 0)
	return t.Nano()
}

func newClient(job *job) *http.Client {
	trust := &tls.Config{InsecureSkipVerify: job.Insecure}
	if job.CaFile != "" {
		pem, _ := os.ReadFile(job.CaFile)
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

// Returns the line that reports request `i`.
func fetch(client *http.Client, job *job, i int) string {
	start := now()
	request, _ := http.NewRequest("GET", job.Urls[i], nil)
	for _, header := range job.Headers {
		name, value, _ := strings.Cut(header, ":")
		request.Header.Add(name, strings.TrimSpace(value))
	}
	response, err := client.Do(request)
	checksum, bytes, status := crc32.NewIEEE(), int64(0), 0
	if err == nil {
		status = response.StatusCode
		bytes, err = io.Copy(checksum, response.Body)
		response.Body.Close()
	}
	end := now()
	var dial *net.OpError
	switch {
	case err == nil:
		return fmt.Sprintf("%d %d %d %d %d %08x", i, start, end, status, bytes, checksum.Sum32())
	case os.IsTimeout(err):
		return fmt.Sprintf("%d %d %d error timeout", i, start, end)
	case errors.As(err, &dial) && dial.Op == "dial", strings.Contains(err.Error(), " x509: "):
		return fmt.Sprintf("%d %d %d error connect: %.300v", i, start, end, err)
	}
	return fmt.Sprintf("%d %d %d error %.300v", i, start, end, err)
}

func main() {
	var job job
	text, _ := os.ReadFile(os.Getenv("BENCH_JOB"))
	if err := json.Unmarshal(text, &job); err != nil {
		panic(err)
	}
	client, lines := newClient(&job), make([]string, len(job.Urls))
	numbers := make(chan int, len(lines))
	for i := range lines {
		numbers <- i
	}
	close(numbers)
	fmt.Println("ready 1")
	bufio.NewReader(os.Stdin).ReadString('\n') // go
	var all sync.WaitGroup
	all.Add(job.Level)
	for n := 0; n < job.Level; n++ {
		go func() {
			defer all.Done()
			for i := range numbers {
				lines[i] = fetch(client, &job, i)
			}
		}()
	}
	all.Wait()
	fmt.Println("done")
	fmt.Println(strings.Join(append(lines, "end"), "\n"))
}
