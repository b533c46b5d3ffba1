package org.libmpass;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.List;

/** RS256 (RFC 7518 section 3.3) by the providers of the Java Cryptography Architecture. */
final class Rs256 {
  private static final String ALGORITHM = "SHA256withRSA";

  private Rs256() {}

  /** Reads a public key: modulus and exponent. */
  static RSAPublicKey read(Unpacker output) {
    BigInteger modulus = new BigInteger(1, output.bytes());
    BigInteger exponent = new BigInteger(1, output.bytes());
    try {
      PublicKey key =
          KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
      return (RSAPublicKey) key;
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("libmpass: RSA is missing", missing);
    }
  }

  static void pack(Packer input, RSAPublicKey key) {
    input.bytes(key.getModulus().toByteArray()).bytes(key.getPublicExponent().toByteArray());
  }

  /** The answer to a step that lists the keys of a host. */
  static Answer list(List<KeyPair> pairs) {
    return pairs.isEmpty()
        ? Answer.Plain.UNSUPPORTED
        : new Answer.SigningKeys(
            pairs.stream().map(pair -> (RSAPublicKey) pair.getPublic()).toList());
  }

  /** The answer to a step that signs. */
  static Answer sign(List<KeyPair> pairs, Step.Sign step) throws GeneralSecurityException {
    for (KeyPair pair : pairs) {
      RSAPublicKey key = (RSAPublicKey) pair.getPublic();
      if (key.getModulus().equals(step.key().getModulus())) {
        Signature signature = Signature.getInstance(ALGORITHM);
        signature.initSign(pair.getPrivate());
        signature.update(step.message());
        return new Answer.Signed(signature.sign());
      }
    }
    return Answer.Plain.UNSUPPORTED;
  }

  /** The answer to a step that checks a signature. */
  static Answer check(Step.CheckSignature step) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(ALGORITHM);
    signature.initVerify(step.key());
    signature.update(step.message());
    try {
      return signature.verify(step.signature()) ? Answer.Plain.GENUINE : Answer.Plain.FORGED;
    } catch (SignatureException malformed) {
      return Answer.Plain.FORGED;
    }
  }
}
