/**
 * One-time codes, phone numbers, challenges and the mPass contract: the engine of libmpass.
 *
 * <p>From JDK 24 on, {@code --enable-native-access=org.libmpass} allows this module to load its
 * native library; without it the JVM prints a warning. On the class path, use {@code ALL-UNNAMED}.
 *
 * <p>The module {@code java.sql} is needed for {@link org.libmpass.JdbcStore} only, and {@code
 * lettuce.core} for {@link org.libmpass.RedisStore} only.
 */
@SuppressWarnings("requires-automatic")
module org.libmpass {
  requires static transitive java.sql;
  requires static lettuce.core;

  exports org.libmpass;
}
