/**
 * One-time codes, phone numbers, challenges and the mPass contract: the engine of libmpass.
 *
 * <p>From JDK 24 on, {@code --enable-native-access=org.libmpass} allows this module to load its
 * native library; without it the JVM prints a warning. On the class path, use {@code ALL-UNNAMED}.
 */
module org.libmpass {
  exports org.libmpass;
}
