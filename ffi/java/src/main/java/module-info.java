/**
 * One-time codes, phone numbers, challenges and the mPass contract: the engine of libmpass.
 *
 * <p>From JDK 24 on, {@code --enable-native-access=org.libmpass} says that this module may load its
 * native library; without it the JVM warns. On the class path it is {@code ALL-UNNAMED}.
 */
module org.libmpass {
  exports org.libmpass;
}
