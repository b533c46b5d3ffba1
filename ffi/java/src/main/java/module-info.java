/**
 * One-time codes, phone numbers, challenges and the mPass contract: the engine of libmpass.
 *
 * <p>From JDK 24 on, {@code --enable-native-access=org.libmpass} allows this module to load its
 * native library; without it the JVM prints a warning. On the class path, use {@code ALL-UNNAMED}.
 *
 * <p>The module {@code java.sql} is needed for {@link org.libmpass.JdbcStore} only.
 */
module org.libmpass {
  requires static transitive java.sql;

  exports org.libmpass;
}
