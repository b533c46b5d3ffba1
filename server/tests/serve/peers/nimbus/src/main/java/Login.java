import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.PrivateKeyJWT;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.AuthenticationResponseParser;
import com.nimbusds.openid.connect.sdk.AuthenticationSuccessResponse;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.claims.AccessTokenHash;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.rp.OIDCClientInformation;
import com.nimbusds.openid.connect.sdk.rp.OIDCClientMetadata;
import com.nimbusds.openid.connect.sdk.validators.AccessTokenValidator;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import java.net.URI;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Date;

/**
 * The login of a running server with Nimbus OAuth 2.0 SDK and its defaults, among them RS256 for ID
 * tokens: everything except the client's own credential comes from discovery.
 *
 * <p>Login ISSUER CLIENT_ID CLIENT_SECRET PKCS8: once with the secret, once with the RSA key.
 */
public final class Login {
  private static final URI BACK = URI.create("https://app.example/back");
  private static final String NUMBER = "+966500000000";

  private final OIDCProviderMetadata provider;
  private final OIDCClientInformation client;

  private Login(OIDCProviderMetadata provider, OIDCClientInformation client) {
    this.provider = provider;
    this.client = client;
  }

  public static void main(String[] arguments) throws Exception {
    OIDCProviderMetadata provider = OIDCProviderMetadata.resolve(new Issuer(arguments[0]));
    OIDCClientMetadata metadata = new OIDCClientMetadata();
    metadata.setRedirectionURI(BACK);
    metadata.applyDefaults();
    check(metadata.getIDTokenJWSAlg().equals(JWSAlgorithm.RS256), "the default");
    Secret secret = new Secret(arguments[2]);
    ClientID id = new ClientID(arguments[1]);
    Login login =
        new Login(provider, new OIDCClientInformation(id, new Date(), metadata, secret));
    login.run(new ClientSecretBasic(id, secret));
    byte[] pkcs8 = Base64.getDecoder().decode(arguments[3]);
    PrivateKey key =
        KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    URI endpoint = provider.getTokenEndpointURI();
    login.run(new PrivateKeyJWT(id, endpoint, JWSAlgorithm.RS256, key, null, null));
    System.out.println("ok");
  }

  private void run(ClientAuthentication authentication) throws Exception {
    State state = new State();
    Nonce nonce = new Nonce();
    CodeVerifier verifier = new CodeVerifier();
    URI request =
        new AuthenticationRequest.Builder(
                ResponseType.CODE,
                new Scope("openid", "number-verification:verify"),
                client.getID(),
                BACK)
            .endpointURI(provider.getAuthorizationEndpointURI())
            .state(state)
            .nonce(nonce)
            .codeChallenge(verifier, CodeChallengeMethod.S256)
            .build()
            .toURI();
    HTTPRequest visit = new HTTPRequest(HTTPRequest.Method.GET, request);
    visit.setFollowRedirects(false);
    AuthenticationSuccessResponse answer =
        AuthenticationResponseParser.parse(visit.send().getLocation()).toSuccessResponse();
    check(answer.getState().equals(state), "the state");
    check(answer.getIssuer().equals(provider.getIssuer()), "the issuer");

    AuthorizationCodeGrant grant =
        new AuthorizationCodeGrant(answer.getAuthorizationCode(), BACK, verifier);
    TokenRequest redeem =
        new TokenRequest.Builder(provider.getTokenEndpointURI(), authentication, grant).build();
    OIDCTokenResponse tokens =
        (OIDCTokenResponse)
            OIDCTokenResponseParser.parse(redeem.toHTTPRequest().send()).toSuccessResponse();

    IDTokenClaimsSet claims =
        IDTokenValidator.create(provider, client)
            .validate(tokens.getOIDCTokens().getIDToken(), nonce);
    AccessToken token = tokens.getOIDCTokens().getAccessToken();
    AccessTokenHash hash = claims.getAccessTokenHash();
    AccessTokenValidator.validate(token, JWSAlgorithm.RS256, hash);

    URI verify = URI.create(provider.getIssuer().getValue() + "/number-verification/v2/verify");
    HTTPRequest call = new HTTPRequest(HTTPRequest.Method.POST, verify);
    call.setAuthorization(token.toAuthorizationHeader());
    call.setContentType("application/json");
    call.setBody("{\"phoneNumber\":\"" + NUMBER + "\"}");
    HTTPResponse told = call.send();
    check(told.getStatusCode() == 200, told.getBody());
    check(
        Boolean.TRUE.equals(told.getBodyAsJSONObject().get("devicePhoneNumberVerified")),
        told.getBody());
  }

  private static void check(boolean isTrue, String what) {
    if (!isTrue) {
      throw new AssertionError(what);
    }
  }
}
