import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.libmpass.Channel;
import org.libmpass.ChannelSettings;
import org.libmpass.Keyring;
import org.libmpass.Kind;
import org.libmpass.MpassService;
import org.libmpass.Reply;
import org.libmpass.Request;
import org.libmpass.Sms;
import org.libmpass.StoreHeader;
import org.libmpass.StoreKey;
import org.libmpass.TenantKind;
import org.libmpass.Tenants;

/**
 * The mPass contract with the JDK's web server and a store of files.
 *
 * <p>{@code Server DIRECTORY [PORT]} keeps the keyring and records in the directory and listens on
 * 127.0.0.1. On the first run it creates a channel and prints its key. Instead of being sent,
 * messages are appended to {@code outbox.txt}: number, tab, text. Each request prints one line with
 * its reason.
 */
final class Server {
  private Server() {}

  public static void main(String[] arguments) throws IOException {
    Path directory = Files.createDirectories(Path.of(arguments[0]));
    int port = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 0;
    FileStore store = new FileStore(directory.resolve("store"));
    MpassService service;
    Path keyringFile = directory.resolve("keyring");
    boolean isFirstRun = Files.notExists(keyringFile);
    try (Keyring keyring = keyring(keyringFile)) {
      // Whether this is the keyring's store, and when a backup of it was last put back. Only the
      // run that created the keyring expects an empty store.
      StoreHeader header =
          isFirstRun ? StoreHeader.initialize(keyring, store) : StoreHeader.open(keyring, store);
      channel(keyring, store);
      Path outbox = directory.resolve("outbox.txt");
      service = new MpassService(keyring, store, sms -> deliver(outbox, sms));
      service.apply(header);
    }

    ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor();
    sweeper.scheduleWithFixedDelay(() -> sweep(store), 1, 1, TimeUnit.MINUTES);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 256);
    server.setExecutor(Executors.newFixedThreadPool(64));
    server.createContext("/", exchange -> serve(service, exchange));
    server.start();
    System.out.println("listening on http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** The keyring of this deployment, created on the first run and readable by its owner only. */
  private static Keyring keyring(Path file) throws IOException {
    if (Files.exists(file)) {
      return Keyring.parse(Files.readString(file));
    }
    Keyring keyring = Keyring.generate();
    Path fresh = file.resolveSibling("keyring.new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, keyring.expose(), StandardOpenOption.DSYNC);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    return keyring;
  }

  /** Creates the channel {@code example} on the first run. Its key is printed once. */
  private static void channel(Keyring keyring, FileStore store) {
    StoreKey storeKey = Channel.storeKey(keyring, "example");
    if (store.load(Kind.DOCUMENT, storeKey).isEmpty()) {
      ChannelSettings settings = ChannelSettings.of("example");
      Tenants tenants = new Tenants(keyring, store);
      System.out.println("channel key " + tenants.create(TenantKind.CHANNEL, settings).credential());
    }
  }

  private static MpassService.Delivery deliver(Path outbox, Sms sms) {
    String line = sms.to().e164() + "\t" + sms.text().replace('\n', ' ') + "\n";
    try {
      Files.writeString(outbox, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      return MpassService.Delivery.TAKEN;
    } catch (IOException failed) {
      return MpassService.Delivery.UNKNOWN;
    }
  }

  private static void serve(MpassService service, HttpExchange exchange) throws IOException {
    try (exchange) {
      URI uri = exchange.getRequestURI();
      List<Map.Entry<String, String>> headers = new ArrayList<>();
      exchange
          .getRequestHeaders()
          .forEach((name, values) -> values.forEach(each -> headers.add(Map.entry(name, each))));
      Reply reply =
          service.handle(
              new Request(
                  exchange.getRequestMethod(),
                  uri.getRawPath(),
                  Optional.ofNullable(uri.getRawQuery()).orElse(""),
                  headers,
                  // One byte more than the limit, so that the engine rejects larger bodies.
                  exchange.getRequestBody().readNBytes(64 * 1024 + 1),
                  exchange.getRemoteAddress().getAddress()));
      System.out.println("request " + reply.reason().label());
      reply
          .headers()
          .forEach(each -> exchange.getResponseHeaders().add(each.getKey(), each.getValue()));
      exchange.sendResponseHeaders(
          reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
      exchange.getResponseBody().write(reply.body());
    }
  }

  private static void sweep(FileStore store) {
    try {
      store.sweep(Instant.now());
    } catch (IOException failed) {
      System.err.println("the sweep failed: " + failed);
    }
  }
}
