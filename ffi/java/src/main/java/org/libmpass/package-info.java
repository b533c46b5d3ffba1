/**
 * The engine of libmpass. The engine makes all decisions; these classes only convert types.
 *
 * <p><strong>Store first, then answer.</strong> An attempt at a {@link org.libmpass.Challenge} or a
 * {@link org.libmpass.TokenState} returns a {@link org.libmpass.Pending}: the swap that counts it,
 * and the verdict once the caller reports that the swap is stored. {@link
 * org.libmpass.MpassService} follows that order by itself, with the caller's {@link
 * org.libmpass.Store}.
 *
 * <p>A caller of a contract is a {@link org.libmpass.Tenant} in the store: a {@link
 * org.libmpass.Channel} of mPass, a {@link org.libmpass.Customer} of VerifyNow, or a {@link
 * org.libmpass.Client} of Number Verification and OTP Validation.
 *
 * <p>Codes are strings. Counters are {@code long} or {@link java.math.BigInteger} beyond 2^63 - 1.
 * Times are arguments; only {@code MpassService} has a clock. Entropy is drawn from {@link
 * java.security.SecureRandom} within each call that needs it.
 *
 * <p>All classes are thread-safe. {@link java.lang.AutoCloseable} objects hold native memory, which
 * is freed by {@code close}, or otherwise when they are collected. Secrets in native memory are
 * wiped when it is freed; a {@link java.lang.String} or array in Java's memory cannot be wiped.
 */
package org.libmpass;
