package org.libmpass;

/** Android apps that read codes from messages by SMS Retriever. */
public final class AndroidApp {
  private AndroidApp() {}

  /**
   * The hash by which SMS Retriever finds an app, for {@code withAndroidAppHashes}.
   *
   * @param packageName the package name (application id)
   * @param certificate the certificate that the installed app is signed with, in DER; with Play App
   *     Signing that is the certificate of Google Play
   * @return 11 characters
   * @throws ServiceException when the text is not a package name or the bytes are not DER
   */
  public static String hash(String packageName, byte[] certificate) {
    Packer input =
        new Packer()
            .typed(packageName, "the package name")
            .bytes(certificate, "the certificate");
    return Wire.call(Operation.ANDROID_APP_HASH, input, Unpacker::text);
  }
}
