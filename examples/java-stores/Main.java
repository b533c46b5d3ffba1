import io.lettuce.core.RedisURI;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.libmpass.ChannelSettings;
import org.libmpass.JdbcStore;
import org.libmpass.Keyring;
import org.libmpass.MpassService;
import org.libmpass.RedisStore;
import org.libmpass.Request;
import org.libmpass.Sms;
import org.libmpass.Store;
import org.libmpass.StoreHeader;
import org.libmpass.StoreProbe;
import org.libmpass.TenantKind;
import org.libmpass.Tenants;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * libmpass from Java, with a store in Redis (Lettuce) or PostgreSQL (pgJDBC), whose jars are on the
 * class path with that of libmpass.
 *
 * <pre>
 * java -cp "libmpass.jar:jars/*" Main.java redis://127.0.0.1:6379 KEYRING tenant shop
 * java -cp "libmpass.jar:jars/*" Main.java redis://127.0.0.1:6379 KEYRING issue KEY 966500000000
 * java -cp "libmpass.jar:jars/*" Main.java redis://127.0.0.1:6379 KEYRING verify KEY 966500000000 CODE
 * </pre>
 *
 * <p>They print the channel's key, the code and the body of the reply. KEYRING is a file; {@code
 * Keyring.generate().expose()} makes its text.
 */
final class Main {
  private static final String PATH = "/mpass-web/rest/mv/";
  private static final Pattern CODE = Pattern.compile("\\d{6}");

  private Main() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments[0].startsWith("redis")) {
      try (RedisStore store = new RedisStore(RedisURI.create(arguments[0]))) {
        run(store, arguments);
      }
    } else {
      PGSimpleDataSource source = source(URI.create(arguments[0]));
      JdbcStore store = new JdbcStore(source);
      store.migrate();
      run(store, arguments);
    }
  }

  /** Each call makes a connection: a server uses a pool. */
  private static PGSimpleDataSource source(URI uri) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL("jdbc:postgresql://" + uri.getHost() + ":" + uri.getPort() + uri.getPath());
    source.setUser(uri.getUserInfo());
    return source;
  }

  private static void run(Store store, String[] arguments) throws Exception {
    if (arguments[2].equals("probe")) {
      Optional<String> broken = StoreProbe.run(store, 16, 4, Instant.now());
      System.out.println("probe " + broken.orElse("0"));
      return;
    }
    try (Keyring keyring = Keyring.parse(Files.readString(Path.of(arguments[1])))) {
      // In production only the program that creates the keyring expects an empty store.
      StoreHeader header = StoreHeader.initialize(keyring, store);
      if (arguments[2].equals("tenant")) {
        Tenants tenants = new Tenants(keyring, store);
        ChannelSettings settings = ChannelSettings.of(arguments[3]);
        System.out.println(tenants.create(TenantKind.CHANNEL, settings).credential());
        return;
      }
      try (MpassService service = new MpassService(keyring, store, Main::deliver)) {
        service.apply(header);
        String query = "apikey=" + arguments[3] + "&dest=%2B" + arguments[4];
        boolean isVerified = arguments.length > 5;
        String path =
            isVerified
                ? PATH + "verify?" + query + "&otp=" + arguments[5]
                : PATH + "msg?" + query;
        Request request = Request.get(path, InetAddress.getLoopbackAddress());
        byte[] body = service.handle(request).body();
        System.out.println(new String(body, StandardCharsets.UTF_8));
      }
    }
  }

  /** A gateway that prints the code of a message. */
  private static MpassService.Delivery deliver(Sms sms) {
    Matcher code = CODE.matcher(sms.text());
    if (!code.find()) {
      return MpassService.Delivery.REFUSED;
    }
    System.out.println(code.group());
    return MpassService.Delivery.TAKEN;
  }
}
