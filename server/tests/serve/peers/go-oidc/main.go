// The login of a running server with coreos/go-oidc and golang.org/x/oauth2 and
// their defaults: everything except the client's own credential comes from
// discovery.
//
//	go-oidc ISSUER CLIENT_ID CLIENT_SECRET ALGORITHM
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"
)

const (
	back   = "https://app.example/back"
	number = "+966500000000"
	scope  = "number-verification:verify"
	state  = "af0ifjsldkj"
	nonce  = "n-0S6_WzA2Mj"
)

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

// visit returns where a device's user agent is sent.
func visit(address string) url.Values {
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	answer := must(client.Get(address))
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusFound {
		log.Fatalf("authorize: %s", answer.Status)
	}
	location := must(answer.Location())
	if !strings.HasPrefix(location.String(), back+"?") {
		log.Fatalf("redirected to %s", location)
	}
	return location.Query()
}

func main() {
	issuer, id, secret, algorithm := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	ctx := context.Background()
	provider := must(oidc.NewProvider(ctx, issuer))
	config := oauth2.Config{
		ClientID:     id,
		ClientSecret: secret,
		Endpoint:     provider.Endpoint(),
		RedirectURL:  back,
		Scopes:       []string{oidc.ScopeOpenID, scope},
	}
	verifier := oauth2.GenerateVerifier()
	answer := visit(config.AuthCodeURL(state, oauth2.S256ChallengeOption(verifier), oidc.Nonce(nonce)))
	if answer.Get("state") != state || answer.Get("iss") != issuer {
		log.Fatalf("answered %v", answer)
	}
	token := must(config.Exchange(ctx, answer.Get("code"), oauth2.VerifierOption(verifier)))

	raw := token.Extra("id_token").(string)
	verified := must(provider.Verifier(&oidc.Config{ClientID: id}).Verify(ctx, raw))
	if verified.Nonce != nonce {
		log.Fatalf("the nonce is %q", verified.Nonce)
	}
	if err := verified.VerifyAccessToken(token.AccessToken); err != nil {
		log.Fatal(err)
	}
	algorithms := []jose.SignatureAlgorithm{jose.SignatureAlgorithm(algorithm)}
	must(jose.ParseSigned(raw, algorithms))

	body := fmt.Sprintf(`{"phoneNumber":%q}`, number)
	verify := issuer + "/number-verification/v2/verify"
	call := must(config.Client(ctx, token).Post(verify, "application/json", strings.NewReader(body)))
	defer call.Body.Close()
	var told struct{ DevicePhoneNumberVerified bool }
	if err := json.NewDecoder(call.Body).Decode(&told); err != nil {
		log.Fatal(err)
	}
	if call.StatusCode != http.StatusOK || !told.DevicePhoneNumberVerified {
		log.Fatalf("verify: %s %v", call.Status, told)
	}
	fmt.Println("ok")
}
