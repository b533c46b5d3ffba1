// Package main times github.com/pquerna/otp, Go's OTP library, and appends the
// results to the file in MPASS_BENCH_RESULTS, in the format of
// benches/src/results.rs.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"slices"
	"time"

	"github.com/pquerna/otp/hotp"
)

// The secret of RFC 4226, "12345678901234567890", in base 32, the only form
// that the library accepts.
const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

const (
	samples    = 25
	sampleTime = 20 * time.Millisecond
	first      = 1000
)

type result struct {
	Group string  `json:"group"`
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
}

// medianNs is the median of the samples of one call, in nanoseconds.
func medianNs(call func(counter uint64)) float64 {
	counter := uint64(0)
	times := make([]float64, 0, samples)
	for range samples {
		calls := 0
		began := time.Now()
		for time.Since(began) < sampleTime {
			for range 64 {
				counter++
				call(counter)
			}
			calls += 64
		}
		times = append(times, float64(time.Since(began).Nanoseconds())/float64(calls))
	}
	slices.Sort(times)
	return times[samples/2]
}

// lookAhead checks every counter of the window, even after a match. The library
// leaves this to its caller.
func lookAhead(code string, counter uint64, more uint64) bool {
	found := false
	for next := counter; next <= counter+more; next++ {
		if hotp.Validate(code, next, secret) {
			found = true
		}
	}
	return found
}

func codes() []result {
	generate := func(counter uint64) {
		if _, err := hotp.GenerateCode(secret, counter); err != nil {
			log.Fatal(err)
		}
	}
	return []result{{"hotp sha1, key prepared", "pquerna/otp", medianNs(generate), "ns"}}
}

func windows() []result {
	var results []result
	for _, more := range []uint64{10, 100} {
		results = append(results, result{
			fmt.Sprintf("hotp look-ahead %d, wrong code", more),
			"pquerna/otp",
			medianNs(func(uint64) { lookAhead("287082", first, more) }),
			"ns",
		})
	}
	return results
}

func main() {
	code, err := hotp.GenerateCode(secret, 1)
	if err != nil || code != "287082" {
		log.Fatalf("counter 1 has the code 287082, not %q (%v)", code, err)
	}
	if lookAhead("287082", first, 100) {
		log.Fatal("the wrong code is right")
	}
	var results []result
	switch part := os.Args[len(os.Args)-1]; part {
	case "codes":
		results = codes()
	case "windows":
		results = windows()
	default:
		log.Fatalf("codes or windows, not %q", part)
	}
	file, err := os.OpenFile(os.Getenv("MPASS_BENCH_RESULTS"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		log.Fatal(err)
	}
	lines := json.NewEncoder(file)
	for _, measured := range results {
		if err := lines.Encode(measured); err != nil {
			log.Fatal(err)
		}
	}
	if err := file.Close(); err != nil {
		log.Fatal(err)
	}
}
