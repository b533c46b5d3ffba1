import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.libmpass.Document;
import org.libmpass.Kind;
import org.libmpass.Store;
import org.libmpass.StoreException;
import org.libmpass.StoreKey;
import org.libmpass.Swap;
import org.libmpass.Swapped;

/**
 * A durable store for one process: one file per value, replaced by rename. Before it reports
 * "stored", file and directory are forced to the disk.
 */
final class FileStore implements Store, AutoCloseable {
  private static final int STRIPES = 64;
  /** In a file, the expiry of a value that does not expire. */
  private static final long PERMANENT = -1;
  private static final String DROPPED = "dropped";

  private final Path directory;
  private final FileChannel owner;
  private final Object[] stripes = new Object[STRIPES];
  /** What has expired by this time may be deleted; also kept in the file {@code dropped}. */
  private volatile long droppedUntil;

  FileStore(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
    owner =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (owner.tryLock() == null) {
      throw new IOException(directory + " is in use by another process");
    }
    Arrays.setAll(stripes, stripe -> new Object());
    droppedUntil = read(directory.resolve(DROPPED)).map(ByteBuffer::getLong).orElse(0L);
  }

  private Path file(Kind kind, StoreKey key) {
    return directory.resolve(kind.number() + "-" + key);
  }

  private Object stripe(StoreKey key) {
    return stripes[Math.floorMod(key.hashCode(), STRIPES)];
  }

  /** The content of a file: the expiry in milliseconds or {@link #PERMANENT}, then the value. */
  private static Optional<ByteBuffer> read(Path file) throws IOException {
    try {
      return Optional.of(ByteBuffer.wrap(Files.readAllBytes(file)));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    }
  }

  private static byte[] value(ByteBuffer content) {
    content.position(Long.BYTES);
    byte[] value = new byte[content.remaining()];
    content.get(value);
    return value;
  }

  @Override
  public Optional<byte[]> load(Kind kind, StoreKey key) {
    try {
      return read(file(kind, key)).map(FileStore::value);
    } catch (IOException failed) {
      throw StoreException.failed(failed);
    }
  }

  @Override
  public Swapped swap(Swap swap, Instant now) {
    Path file = file(swap.kind(), swap.key());
    Path fresh = directory.resolve("new-" + file.getFileName());
    synchronized (stripe(swap.key())) {
      try {
        Optional<byte[]> standing = read(file).map(FileStore::value);
        if (!Arrays.equals(standing.orElse(null), swap.expected().orElse(null))) {
          return Swapped.conflict(standing);
        }
        long expiry = swap.expiresAt().map(Instant::toEpochMilli).orElse(PERMANENT);
        if (standing.isEmpty() && expiry != PERMANENT && expiry <= droppedUntil) {
          return Swapped.expired();
        }
        write(fresh, expiry, swap.value());
      } catch (IOException failed) {
        throw StoreException.failed(failed);
      }
      try {
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        force(directory);
      } catch (IOException failed) {
        // The new file may already be in effect.
        throw StoreException.unknown(failed);
      }
      return Swapped.stored();
    }
  }

  private static void write(Path file, long expiry, byte[] value) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(Long.BYTES + value.length);
    content.putLong(expiry).put(value).flip();
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      while (content.hasRemaining()) {
        channel.write(content);
      }
      channel.force(true);
    }
  }

  private static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public List<Document> list(Optional<StoreKey> after, int limit) {
    String from = after.map(StoreKey::toString).orElse("");
    try (Stream<Path> files = Files.list(directory)) {
      List<String> keys =
          files
              .filter(file -> isOf(Kind.DOCUMENT, file))
              .map(file -> file.getFileName().toString().substring(2))
              .filter(key -> key.compareTo(from) > 0)
              .sorted()
              .limit(limit)
              .toList();
      List<Document> documents = new ArrayList<>();
      for (String key : keys) {
        StoreKey storeKey = StoreKey.of(HexFormat.of().parseHex(key));
        documents.add(new Document(storeKey, load(Kind.DOCUMENT, storeKey).orElseThrow()));
      }
      return documents;
    } catch (IOException failed) {
      throw StoreException.failed(failed);
    }
  }

  /** Deletes expired values; to be called periodically. */
  synchronized void sweep(Instant now) throws IOException {
    if (now.toEpochMilli() > droppedUntil) {
      Path fresh = directory.resolve("new-" + DROPPED);
      write(fresh, now.toEpochMilli(), new byte[0]);
      Files.move(fresh, directory.resolve(DROPPED), StandardCopyOption.ATOMIC_MOVE);
      force(directory);
      droppedUntil = now.toEpochMilli();
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files.filter(each -> isOf(Kind.STATE, each))::iterator) {
        String key = file.getFileName().toString().substring(2);
        synchronized (stripe(StoreKey.of(HexFormat.of().parseHex(key)))) {
          Optional<ByteBuffer> content = read(file);
          if (content.isPresent() && isPast(content.get().getLong(), now)) {
            Files.delete(file);
          }
        }
      }
    }
  }

  private static boolean isOf(Kind kind, Path file) {
    return file.getFileName().toString().startsWith(kind.number() + "-");
  }

  private static boolean isPast(long expiry, Instant now) {
    return expiry >= 0 && expiry <= now.toEpochMilli();
  }

  @Override
  public void close() throws IOException {
    owner.close();
  }
}
