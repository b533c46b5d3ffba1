// The module from Go: vectors, a challenge on a store and a token.
//
// Usage: module-host MODULE VECTORS
package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// Numbers of operations, steps and answers; docs/LISTS.md and
// bindings/src/operation.rs.
const (
	secretFromBytes    = 100
	hotpNew            = 200
	hotpVerify         = 201
	hotpGenerate       = 203
	totpNew            = 300
	totpVerify         = 303
	totpGenerate       = 307
	keyringGenerate    = 800
	challengeIssue     = 950
	challengeAttempt   = 951
	tokenEnroll        = 1150
	tokenAttemptTotp   = 1152
	changeNext         = 1600
	done, load, swap   = 0, 1, 2
	begin              = 0
	loaded             = 1
	stored             = 2
	conflict           = 3
	accept, wrong      = 0, 1
	used, replayed     = 4, 8
	phone              = 1
	unknownOperation   = 4
	nowMs              = 1_700_000_000_000
	sha1Hash           = "SHA1"
	lengthOfPlace      = 17 // The kind of value and its key.
	lengthOfReplyCount = 4
)

var algorithms = map[string]byte{"SHA1": 1, "SHA256": 2, "SHA512": 3}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func check(right bool, what string) {
	if !right {
		panic(what)
	}
}

// input is written field by field.
type input []byte

func (i input) u8(value byte) input    { return append(i, value) }
func (i input) u32(value uint32) input { return binary.BigEndian.AppendUint32(i, value) }
func (i input) u64(value uint64) input { return binary.BigEndian.AppendUint64(i, value) }
func (i input) raw(value []byte) input { return append(i, value...) }
func (i input) bytes(value []byte) input {
	return i.u32(uint32(len(value))).raw(value)
}
func (i input) text(value string) input { return i.bytes([]byte(value)) }
func (i input) entropy() input {
	bytes := make([]byte, 32)
	must(rand.Read(bytes))
	return i.raw(bytes)
}

// reply is read field by field.
type reply []byte

func (r *reply) take(length int) []byte {
	front := (*r)[:length]
	*r = (*r)[length:]
	return front
}
func (r *reply) u8() byte      { return r.take(1)[0] }
func (r *reply) u16() uint16   { return binary.BigEndian.Uint16(r.take(2)) }
func (r *reply) u64() uint64   { return binary.BigEndian.Uint64(r.take(8)) }
func (r *reply) bytes() []byte { return r.take(int(binary.BigEndian.Uint32(r.take(4)))) }

// host is an instance of the module.
type host struct {
	ctx               context.Context
	memory            api.Memory
	alloc, free, call api.Function
}

func open(path string) host {
	ctx := context.Background()
	runtime := wazero.NewRuntime(ctx)
	compiled := must(runtime.CompileModule(ctx, must(os.ReadFile(path))))
	check(len(compiled.ImportedFunctions()) == 0, "the module has imports")
	module := must(runtime.InstantiateModule(ctx, compiled, wazero.NewModuleConfig()))
	function := module.ExportedFunction
	return host{ctx, module.Memory(), function("mpass_alloc"), function("mpass_free"), function("mpass_call")}
}

func (h host) attempt(operation uint64, handle uint64, with input) (uint16, reply) {
	bytes := input{}.u64(handle).raw(with)
	address := must(h.alloc.Call(h.ctx, uint64(len(bytes))))[0]
	check(h.memory.Write(uint32(address), bytes), "the input is in memory")
	at := must(h.call.Call(h.ctx, operation, address, uint64(len(bytes))))[0]
	must(h.free.Call(h.ctx, address, uint64(len(bytes))))
	front, _ := h.memory.Read(uint32(at), lengthOfReplyCount)
	length := binary.BigEndian.Uint32(front)
	view, _ := h.memory.Read(uint32(at)+lengthOfReplyCount, length)
	outcome := reply(append([]byte{}, view...))
	must(h.free.Call(h.ctx, at, uint64(lengthOfReplyCount+length)))
	return outcome.u16(), outcome
}

func (h host) perform(operation uint64, handle uint64, with input) reply {
	failure, outcome := h.attempt(operation, handle, with)
	check(failure == 0, fmt.Sprintf("operation %d: error %d", operation, failure))
	return outcome
}

func (h host) object(operation uint64, handle uint64, with input) uint64 {
	outcome := h.perform(operation, handle, with)
	return outcome.u64()
}

func (h host) codes(operation uint64, key, algorithm string, digits uint32, more input) uint64 {
	secret := h.object(secretFromBytes, 0, input{}.bytes(must(hex.DecodeString(key))))
	settings := input{}.u8(algorithms[algorithm]).u32(digits).u8(0)
	return h.object(operation, secret, settings.raw(more))
}

// drive carries an operation on a store to its outcome.
func (h host) drive(operation uint64, handle uint64, with input, store map[string][]byte) reply {
	change := h.object(operation, handle, with)
	answer := input{}.u8(begin)
	for {
		step := h.perform(changeNext, change, answer.u64(nowMs))
		kind := step.u8()
		if kind == done {
			return step
		}
		place := string(step.take(lengthOfPlace))
		current, exists := store[place]
		answer = input{}.u8(loaded)
		if kind == swap {
			isExpected := step.u8() == 1
			if isExpected {
				isExpected = exists && bytes.Equal(step.bytes(), current)
			} else {
				isExpected = !exists
			}
			if isExpected {
				store[place] = append([]byte{}, step.bytes()...)
				answer = input{}.u8(stored)
				continue
			}
			answer = input{}.u8(conflict)
		} else {
			check(kind == load, "a step of a store")
		}
		if exists {
			answer = answer.u8(1).bytes(current)
		} else {
			answer = answer.u8(0)
		}
	}
}

type vector struct {
	Counter   uint64 `json:"counter"`
	UnixTime  uint64 `json:"unix_time"`
	Algorithm string `json:"algorithm"`
	Key       string `json:"key_hex"`
	Code      string `json:"code"`
}

type vectors struct {
	Key       string   `json:"key_hex"`
	Algorithm string   `json:"algorithm"`
	Digits    uint32   `json:"digits"`
	Step      uint64   `json:"step"`
	T0        uint64   `json:"t0"`
	Vectors   []vector `json:"vectors"`
}

func read(directory, name string) (file vectors) {
	text := must(os.ReadFile(filepath.Join(directory, name)))
	must(0, json.Unmarshal(text, &file))
	return file
}

// tampered is the code with its last digit changed.
func tampered(code string) string {
	last := len(code) - 1
	return code[:last] + fmt.Sprint((code[last]-'0'+1)%10)
}

// vectors of one code at one position, right and tampered.
func (h host) vector(generate, verify, handle uint64, code string, position uint64, window input) {
	outcome := h.perform(generate, handle, input{}.u64(position))
	check(string(outcome.bytes()) == code, "the code")
	for _, typed := range []string{code, tampered(code)} {
		found := h.perform(verify, handle, input{}.text(typed).u64(position).raw(window))
		check(found.u8() == 1 == (typed == code), "the verdict")
	}
}

func (h host) vectors(directory string) int {
	hotp, totp := read(directory, "hotp.json"), read(directory, "totp.json")
	handle := h.codes(hotpNew, hotp.Key, hotp.Algorithm, hotp.Digits, nil)
	for _, one := range hotp.Vectors {
		h.vector(hotpGenerate, hotpVerify, handle, one.Code, one.Counter, input{}.u32(0))
	}
	for _, one := range totp.Vectors {
		more := input{}.u64(totp.Step).u64(totp.T0)
		handle := h.codes(totpNew, one.Key, one.Algorithm, totp.Digits, more)
		h.vector(totpGenerate, totpVerify, handle, one.Code, one.UnixTime, input{}.u64(0))
	}
	return len(hotp.Vectors) + len(totp.Vectors)
}

func (h host) challenge(keyring uint64) {
	store := map[string][]byte{}
	// Service, tenant, subject, context, no settings, never restored.
	bound := input{}.text("signup").text("tenant").u8(phone).text("+966500000000")
	bound = bound.text("").u32(0).u8(0)
	perform := func(operation uint64, more input) reply {
		with := input{}.raw(bound).entropy().raw(more)
		return h.drive(operation, keyring, with, store)
	}
	issued := perform(challengeIssue, nil)
	check(issued.u8() == 0, "issued")
	code := string(issued.bytes())
	for _, one := range []struct {
		typed   string
		verdict byte
	}{{tampered(code), wrong}, {code, accept}, {code, used}} {
		outcome := perform(challengeAttempt, input{}.text(one.typed))
		check(outcome.u8() == one.verdict, "the verdict of a challenge")
	}
}

func (h host) token(keyring uint64) {
	store := map[string][]byte{}
	key := hex.EncodeToString([]byte("12345678901234567890"))
	totp := h.codes(totpNew, key, sha1Hash, 6, input{}.u64(30).u64(0))
	generated := h.perform(totpGenerate, totp, input{}.u64(nowMs/1000))
	code := string(generated.bytes())
	// Tenant, token, no settings, never restored, may be new.
	bound := input{}.text("tenant").text("token").u32(0).u8(0).u8(0)
	perform := func(operation uint64, more input) byte {
		with := input{}.raw(bound).entropy().raw(more)
		outcome := h.drive(operation, keyring, with, store)
		return outcome.u8()
	}
	check(perform(tokenEnroll, input{}.u64(0)) == 1, "enrolled")
	for _, verdict := range []byte{accept, replayed} {
		attempt := input{}.u64(totp).text(code)
		check(perform(tokenAttemptTotp, attempt) == verdict, "the verdict of a token")
	}
}

func main() {
	host := open(os.Args[1])
	count := host.vectors(os.Args[2])
	keyring := host.object(keyringGenerate, 0, input{}.entropy())
	host.challenge(keyring)
	host.token(keyring)
	failure, _ := host.attempt(9999, 0, nil)
	check(failure == unknownOperation, "an unknown operation")
	fmt.Printf("wazero: %d vectors, a challenge and a token passed, 0 failed\n", count)
}
