package org.libmpass;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Administration of channels, customers and clients. */
class TenantsTest {
  private static final List<String> NETWORKS = List.of("10.0.0.0/8", "192.0.2.1/32");
  private static final String TEXT = "{{app}}: {{code}}";

  private final Scene scene = new Scene();

  @AfterEach
  void end() {
    scene.close();
  }

  /** A point of P-256, encoded as in SEC 1. */
  private static byte[] point() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    ECPublicKey key = (ECPublicKey) generator.generateKeyPair().getPublic();
    byte[] point = new byte[65];
    point[0] = 4;
    copy(key.getW().getAffineX(), point, 33);
    copy(key.getW().getAffineY(), point, 65);
    return point;
  }

  private static void copy(BigInteger coordinate, byte[] point, int end) {
    byte[] bytes = coordinate.toByteArray();
    int length = Math.min(bytes.length, 32);
    System.arraycopy(bytes, bytes.length - length, point, end - length, length);
  }

  /** Checks common to all kinds of tenant. */
  private static void opened(Tenant<?> tenant, String key, int length) {
    assertEquals(length, key.length());
    assertTrue(tenant.hasKey(key, Scene.NOON));
    assertFalse(tenant.hasKey("B".repeat(length - 1) + "A", Scene.NOON));
    assertThrows(ServiceException.class, () -> tenant.hasKey(key.substring(1), Scene.NOON));
    assertTrue(tenant.allowsAddress("10.1.2.3"));
    assertFalse(tenant.allowsAddress("192.0.2.2"));
    assertEquals(1, tenant.entry().keyVersion());
    assertEquals(Scene.NOON, tenant.entry().createdAt());
    assertFalse(tenant.isRevoked());
  }

  @Test
  void channels() {
    ChannelSettings settings =
        ChannelSettings.of("shop")
            .withAddresses(NETWORKS)
            .withApps(List.of("Shop"))
            .withPolicy(Policy.builder().digits(8).build())
            .withCountry(966)
            .withHost("shop.example")
            .withTexts(Map.of("en-GB", TEXT, "ar", TEXT))
            .withSender("Shop");
    String key = scene.created(TenantKind.CHANNEL, settings);
    StoreKey storeKey = Channel.storeKey(scene.keyring, "shop");
    Channel channel = Channel.open(scene.keyring, storeKey, scene.tenant(storeKey));
    opened(channel, key, 64);
    assertEquals(settings, channel.settings());
    assertEquals(settings.hashCode(), channel.settings().hashCode());
    assertNotEquals(settings.withoutSender(), channel.settings());
    assertEquals(Optional.of(966), channel.settings().country());
    assertEquals(Map.of("en-GB", TEXT, "ar", TEXT), channel.settings().texts());
    assertEquals(8, channel.settings().policy().digits());
    assertTrue(channel.allowsApp("Shop"));
    assertFalse(channel.allowsApp("Bank"));
  }

  @Test
  void customers() {
    String id = scene.tenants.create(TenantKind.CUSTOMER, CustomerSettings.unnamed()).name();
    assertTrue(id.matches("C-[0-9A-F]{15}"), id);
    scene.tenants.revoke(TenantKind.CUSTOMER, id);
    CustomerSettings standard = CustomerSettings.of(id);
    assertEquals(4, standard.policy().digits());
    assertEquals(100, standard.testCredits());
    Policy policy = standard.policy().toBuilder().lifetime(Duration.ofSeconds(90)).build();
    CustomerSettings settings =
        standard
            .withAddresses(NETWORKS)
            .withPolicy(policy)
            .withTestCredits(7)
            .withTexts(Map.of("en", TEXT))
            .withHost("shop.example")
            .withSender("Shop");
    String key = scene.created(TenantKind.CUSTOMER, settings);
    Customer customer = scene.customer(id);
    assertEquals(2, customer.entry().keyVersion());
    assertTrue(customer.hasKey(key, Scene.NOON));
    assertEquals(settings, customer.settings());
    assertEquals(7, scene.tenants.credits(id));
  }

  @Test
  void clients() throws Exception {
    ClientSettings standard = ClientSettings.of("app");
    assertEquals(List.of(Scope.VERIFY, Scope.SEND_VALIDATE), standard.scopes());
    ClientSettings settings =
        standard
            .withAddresses(NETWORKS)
            .withScopes(List.of(Scope.values()))
            .withPolicy(Policy.builder().digits(8).build())
            .withRedirectUris(List.of("https://app.example/back", "com.example.app:/back"))
            .withPublicKey(point())
            .withHost("app.example")
            .withSender("App");
    String key = scene.created(TenantKind.CLIENT, settings);
    Client client = scene.client("app");
    opened(client, key, 43);
    assertEquals(settings, client.settings());
    assertEquals(List.of(Scope.values()), client.settings().scopes());
    assertArrayEquals(settings.publicKey().orElseThrow(), client.settings().publicKey().orElseThrow());
    for (Scope scope : Scope.values()) {
      assertTrue(client.allowsScope(scope));
    }
    scene.created(TenantKind.CLIENT, ClientSettings.of("bare"));
    assertFalse(scene.client("bare").allowsScope(Scope.READ_NUMBER));
  }

  private static void refused(MpassError error, Executable mistake) {
    assertEquals(error, assertThrows(MpassException.class, mistake).error());
  }

  @Test
  void aRefusalNamesTheSettingItsRangeAndTheValue() {
    MpassException tries =
        assertThrows(PolicyException.class, () -> Policy.builder().tries(0).build());
    assertEquals("libmpass error 302: tries: 0 is out of range: 1 to 100", tries.getMessage());
    ChannelSettings sender = ChannelSettings.of("shop").withSender("");
    MpassException thrown =
        assertThrows(
            ServiceException.class,
            () -> scene.created(TenantKind.CHANNEL, sender));
    assertEquals(MpassError.INVALID_NAME, thrown.error());
    String named = "libmpass error 501: sender: \"\" is not valid: 1 to 32 bytes";
    assertTrue(thrown.getMessage().startsWith(named), thrown.getMessage());
  }

  private Executable creating(ClientSettings settings) {
    return () -> scene.created(TenantKind.CLIENT, settings);
  }

  @Test
  void settingsThatAreRefused() throws Exception {
    ClientSettings client = ClientSettings.of("app");
    refused(
        MpassError.REDIRECT_URI_HTTP,
        creating(client.withRedirectUris(List.of("http://app.example/"))));
    byte[] point = point();
    refused(
        MpassError.INVALID_PUBLIC_KEY,
        creating(client.withPublicKey(Arrays.copyOf(point, 64))));
    point[64] ^= 1;
    refused(MpassError.INVALID_PUBLIC_KEY, creating(client.withPublicKey(point)));
    refused(MpassError.INVALID_ADDRESS, creating(client.withAddresses(List.of("nowhere"))));
    refused(
        MpassError.INVALID_NAME,
        () -> scene.created(TenantKind.CUSTOMER, CustomerSettings.of("app")));
    refused(
        MpassError.INVALID_ISSUER,
        () -> new Scene(EngineSettings.standard().withIssuer("verify.example")));
    StoreKey storeKey = Client.storeKey(scene.keyring, "app");
    scene.created(TenantKind.CLIENT, client);
    // A value is valid for one kind of tenant and one store key only.
    refused(
        MpassError.RECORD_FORMAT,
        () -> Customer.open(scene.keyring, storeKey, scene.tenant(storeKey)));
    refused(
        MpassError.RECORD_FORGED,
        () ->
            Client.open(
                scene.keyring, Client.storeKey(scene.keyring, "other"), scene.tenant(storeKey)));
  }
}
