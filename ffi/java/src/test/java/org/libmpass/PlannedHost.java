package org.libmpass;

import java.net.InetAddress;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** A host that records its messages and returns configurable answers. */
final class PlannedHost implements MpassService.Host {
  final List<Sms> outbox = new ArrayList<>();
  MpassService.Delivery delivery = MpassService.Delivery.TAKEN;
  Supplier<Optional<Assessment>> assessor = Optional::empty;
  Function<String, Optional<Introspection>> introspector = token -> Optional.empty();
  Function<InetAddress, Optional<PhoneNumber>> network = address -> Optional.empty();

  List<KeyPair> signing = List.of();

  @Override
  public List<KeyPair> signingKeys() {
    return signing;
  }

  @Override
  public MpassService.Delivery deliver(Sms sms) {
    outbox.add(sms);
    return delivery;
  }

  @Override
  public Optional<Assessment> assess(Step.Assess assess) {
    return assessor.get();
  }

  @Override
  public Optional<Introspection> introspect(String token) {
    return introspector.apply(token);
  }

  @Override
  public Optional<PhoneNumber> resolve(InetAddress address) {
    return network.apply(address);
  }

  /** The code in the newest message. */
  String code() {
    return Caller.longestDigits(outbox.get(outbox.size() - 1).text());
  }
}
