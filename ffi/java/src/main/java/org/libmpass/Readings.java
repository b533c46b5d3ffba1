package org.libmpass;

import java.util.List;

/** How what natives return of the public interfaces is read. */
final class Readings {
  /** The assessments that carry nothing, in the order of their numbers from 2 on. */
  private static final List<Class<? extends Assessment>> BARE =
      List.of(
          Assessment.Invalid.class,
          Assessment.NotAllowed.class,
          Assessment.Blocked.class,
          Assessment.Foreign.class);

  private Readings() {}

  static Attempt attempt(Unpacker output) {
    return output.u8() == 0
        ? new Attempt.Counted(Pending.read(output, verdict -> Verdict.of(verdict.u8())))
        : new Attempt.Told(Verdict.of(output.u8()));
  }

  static Issue issue(Unpacker output) {
    return switch (output.u8()) {
      case 0 -> new Issue.Ready(Pending.read(output, Issued::new));
      case 1 -> new Issue.Refused(Refusal.read(output));
      default -> new Issue.Corrected(Refusal.read(output), Pending.read(output));
    };
  }

  static Step step(Unpacker output) {
    return switch (output.u8()) {
      case 1 -> new Step.Load(Kind.of(output.u8()), StoreKey.read(output));
      case 2 -> new Step.Replace(Swap.read(output));
      case 3 ->
          new Step.Assess(output.text(), output.optional(Unpacker::u16));
      case 4 -> new Step.Deliver(Sms.read(output));
      case 5 -> new Step.Done(Reply.read(output));
      case 6 -> new Step.Introspect(output.text());
      default -> new Step.Resolve(output.address());
    };
  }

  /** Packs an answer by its number and what it carries. */
  static Packer answer(Answer answer) {
    Packer input = new Packer();
    if (answer instanceof Answer.Loaded loaded) {
      return input.u8(1).optional(loaded.value().orElse(null), Packer::bytes);
    }
    if (answer instanceof Answer.Conflict conflict) {
      return input.u8(3).optional(conflict.standing().orElse(null), Packer::bytes);
    }
    if (answer instanceof Answer.Assessed assessed) {
      return assessment(input.u8(12), assessed.assessment());
    }
    if (answer instanceof Answer.Introspected introspected) {
      return input.u8(10).optional(introspected.introspection().orElse(null), Introspection::pack);
    }
    if (answer instanceof Answer.Resolved resolved) {
      return input.u8(11).optional(resolved.number().orElse(null), Packer::number);
    }
    return input.u8(((Answer.Plain) answer).number());
  }

  private static Packer assessment(Packer input, Assessment assessment) {
    if (assessment instanceof Assessment.Valid valid) {
      return input
          .u8(1)
          .number(valid.number())
          .optional(valid.mobile().orElse(null), Packer::bool);
    }
    return input.u8(2 + BARE.indexOf(assessment.getClass()));
  }
}
